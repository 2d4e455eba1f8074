using System.Reflection;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// An HDF5 file to read. Whatever a damaged one makes of the reading is an <see cref="AlexNetException"/>.
/// </summary>
internal sealed class Hdf5File : IDisposable
{
    // deflate, the densest filter of HDF5 files, shrinks by at most 1,032.
    private const int MostCompression = 1_032;
    private const int MostTexts = 1_000_000;

    // Nothing public says that a dataset's values lie in other files.
    private static readonly PropertyInfo s_externalFiles =
        typeof(NativeDataset).GetProperty("InternalExternalFileList", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingMemberException(nameof(NativeDataset), "InternalExternalFileList");

    private readonly string _path;
    private readonly Hdf5Stream _stream;
    private readonly NativeFile _root;

    /// <summary>Opens a file of that path.</summary>
    public Hdf5File(string path) : this(File.OpenRead(path), path)
    {
    }

    /// <summary>Reads an open file and closes it in the end.</summary>
    public Hdf5File(FileStream file, string name)
    {
        _path = name;
        _stream = new Hdf5Stream(file);
        try
        {
            _root = Guarded(() =>
            {
                _stream.RequireWhole();
                return H5File.Open(_stream, leaveOpen: true);
            });
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public bool Exists(string path) => Guarded(() => _root.LinkExists(path));

    /// <summary>The names in a group; empty if there is no such group.</summary>
    public IReadOnlyList<string> Children(string group) => Guarded(() =>
        GroupAt(group) is { } found ? found.Children().Select(child => child.Name).ToArray() : []);

    /// <summary>A text or texts kept as an attribute of a group; null if there is none.</summary>
    public IReadOnlyList<string>? Texts(string group, string attribute) => Guarded(() =>
    {
        if (GroupAt(group) is not { } found || !found.AttributeExists(attribute))
            return null;
        var read = found.Attribute(attribute);
        var count = read.Space.Dimensions.Aggregate(1UL, (product, side) => checked(product * side));
        if (count > MostTexts)
            throw new InvalidDataException($"its attribute '{attribute}' claims {count} texts");
        string?[] texts = count == 0 ? []
            : read.Space.Type == H5DataspaceType.Scalar ? [read.Read<string>()]
            : read.Read<string[]>();
        return texts.Contains(null)
            ? throw new InvalidDataException($"its attribute '{attribute}' lacks a text")
            : (IReadOnlyList<string>)texts!;
    });

    /// <summary>Whether 64-bit floats were read, which have become 32-bit ones.</summary>
    public bool HasRounded { get; private set; }

    /// <summary>The dimensions of a dataset of floats of 16, 32 or 64 bits; null if there is none.</summary>
    /// <exception cref="AlexNetException">It holds other numbers.</exception>
    public IReadOnlyList<int>? Dimensions(string dataset) => Guarded(() =>
    {
        if (!_root.LinkExists(dataset))
            return null;
        var found = _root.Dataset(dataset);
        if (found.Type is not { Class: H5DataTypeClass.FloatingPoint, Size: 2 or sizeof(float) or sizeof(double) })
        {
            throw new AlexNetException(
                $"'{dataset}' in '{_path}' holds {8 * found.Type.Size}-bit {found.Type.Class}; " +
                "only floats of 16, 32 and 64 bits can be read.");
        }

        var values = found.Space.Dimensions.Aggregate(1UL, (product, side) => checked(product * side));
        if (values > (ulong)Array.MaxLength || values * (ulong)found.Type.Size / MostCompression > (ulong)_stream.Length)
            throw new InvalidDataException($"'{dataset}' claims {values} values in {_stream.Length} bytes");
        return found.Space.Dimensions.Select(side => checked((int)side)).ToArray();
    });

    /// <summary>
    /// Fills an array with a dataset of known dimensions, or with as many rows of one with two; 16-bit floats are widened,
    /// 64-bit ones rounded.
    /// </summary>
    public void Read(string dataset, IReadOnlyList<int> dimensions, int firstRow, float[] values) => Guarded(() =>
    {
        var rows = dimensions is [_, var columns]
            ? new HyperslabSelection(2, [(ulong)firstRow, 0], [(ulong)(values.Length / columns), (ulong)columns])
            : null;
        var found = _root.Dataset(dataset);
        var before = _stream.BytesRead;
        switch (found.Type.Size)
        {
            case sizeof(float):
                found.Read(values, rows);
                break;
            case sizeof(double):
                var wide = new double[values.Length];
                found.Read(wide, rows);
                for (var i = 0; i < wide.Length; i++)
                    values[i] = (float)wide[i];
                HasRounded = true;
                break;
            default:
                var halves = new Half[values.Length];
                found.Read(halves, rows);
                for (var i = 0; i < halves.Length; i++)
                    values[i] = (float)halves[i];
                break;
        }

        // HDF5 lets links and datasets point into any other file; a model has no business there.
        var least = found.Layout.Class switch
        {
            H5DataLayoutClass.Contiguous => values.Length * (long)found.Type.Size,
            H5DataLayoutClass.Chunked => 1,
            _ => long.MaxValue,
        };
        return _stream.BytesRead - before >= least && s_externalFiles.GetValue(found) is null
            ? values
            : throw new InvalidDataException($"the values of '{dataset}' are not in it");
    });

    public void Dispose()
    {
        _root.Dispose();
        _stream.Dispose();
    }

    private IH5Group? GroupAt(string path) =>
        path == "" ? _root : _root.LinkExists(path) && _root.Get(path) is IH5Group group ? group : null;

    // PureHDF takes a file at its word; any exception out of it means that the file was wrong.
    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is not AlexNetException)
        {
            throw new AlexNetException(
                $"'{_path}' cannot be read as HDF5: {fault.Message.TrimEnd('.')}. " +
                "It is cut short, damaged or no HDF5 file.",
                fault);
        }
    }
}
