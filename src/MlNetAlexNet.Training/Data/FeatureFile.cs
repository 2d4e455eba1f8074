using Microsoft.Win32.SafeHandles;
using MlNetAlexNet.Formats;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// What a network makes of views of pictures, in a temporary file that is deleted in the end: as with
/// <see cref="PixelFile"/> the memory of the process does not grow with the pictures, and what the system has free keeps
/// them as near. Safe for many threads, of which no two write one view.
/// </summary>
internal sealed class FeatureFile : IDisposable
{
    private readonly string _option;
    private readonly SafeFileHandle _file;
    private readonly Dictionary<int, int> _places;
    private readonly int _bytes;
    private readonly bool[] _isWritten; // by view, then picture

    /// <param name="rows">The pictures.</param>
    /// <param name="views">Views of each, from 0; at least 1.</param>
    /// <param name="bytes">Of one view of one picture.</param>
    /// <param name="option">Name of the option that says how many views there are.</param>
    /// <exception cref="AlexNetException">The drive has no room for all of them.</exception>
    public FeatureFile(IReadOnlyList<int> rows, int views, int bytes, string option)
    {
        _option = option;
        var folder = Path.GetTempPath();
        DiskSpace.Require(
            folder,
            (long)rows.Count * views * bytes,
            $"lower {option}, or set TMPDIR to a folder with more room",
            option);
        (_bytes, _isWritten) = (bytes, new bool[views * rows.Count]);
        _places = rows.Select((row, place) => (row, place)).ToDictionary(pair => pair.row, pair => pair.place);
        var path = TemporaryFiles.NewPath();
        _file = OnDisk(() => File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose));
    }

    /// <summary>Whether a view of all of these pictures was written.</summary>
    public bool Has(IEnumerable<int> rows, int view) => rows.All(row => _isWritten[IndexOf(row, view)]);

    /// <summary>Keeps a view of a picture.</summary>
    public void Write(int row, int view, ReadOnlySpan<byte> values)
    {
        var index = IndexOf(row, view);
        try
        {
            RandomAccess.Write(_file, values, (long)index * _bytes);
        }
        catch (IOException fault)
        {
            throw Unusable(fault);
        }

        _isWritten[index] = true;
    }

    /// <summary>Reads a view that was written.</summary>
    public void Read(int row, int view, Span<byte> values)
    {
        var offset = (long)IndexOf(row, view) * _bytes;
        try
        {
            for (var rest = values; rest.Length > 0;)
            {
                var read = RandomAccess.Read(_file, rest, offset);
                if (read == 0)
                    throw new EndOfStreamException("it ends early.");

                rest = rest[read..];
                offset += read;
            }
        }
        catch (IOException fault)
        {
            throw Unusable(fault);
        }
    }

    public void Dispose() => _file.Dispose();

    private int IndexOf(int row, int view) => view * _places.Count + _places[row];

    private T OnDisk<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unusable(fault);
        }
    }

    private AlexNetException Unusable(Exception fault) => new(
        $"What is computed of the pictures once could not be kept in {Path.GetTempPath()}: {fault.Message} "
        + $"Lower {_option}, or set TMPDIR to a folder with more room.",
        fault)
    {
        Option = _option,
    };
}
