using System.IO.Compression;
using System.IO.Hashing;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// The zip that <c>torch.save</c> writes since 1.6: <c>NAME/data.pkl</c>, and <c>NAME/data/KEY</c> for each storage
/// (torch/serialization.py, <c>_save</c>).
/// </summary>
internal sealed class TorchZipFile : ITorchFile
{
    private const string PickleEnd = "/data.pkl";

    private readonly FileStream _file;
    private readonly ZipArchive _zip;
    private readonly string _folder;

    public TorchZipFile(FileStream file)
    {
        _file = file;
        _zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        var pickle = _zip.Entries.FirstOrDefault(entry => IsPickle(entry.FullName))
            ?? throw new AlexNetException("it is a zip without data.pkl, so torch.save did not write it.");
        _folder = pickle.FullName[..^(PickleEnd.Length - 1)];
        RequireLittleEndian();
        using var stream = pickle.Open();
        using var buffered = new BufferedStream(stream);
        Root = new Unpickler(new PickleInput(buffered)).Read();
    }

    public object? Root { get; }

    /// <summary>Whether a zip with entries of those names is one of <c>torch.save</c>.</summary>
    public static bool Recognizes(IEnumerable<string> entries) => entries.Any(IsPickle);

    public float[] Load(TorchStorage storage)
    {
        var name = $"{_folder}data/{storage.Key}";
        var entry = _zip.GetEntry(name) ?? throw new AlexNetException($"it lacks '{name}'.");

        // Stored as they are, numbers cannot take more room in memory than in the file.
        if (entry.CompressedLength != entry.Length || entry.Length > _file.Length)
            throw new AlexNetException($"'{name}' in it is compressed; PyTorch stores numbers as they are.");

        if (entry.Length != storage.Count * storage.Format.Bytes)
        {
            throw new AlexNetException(
                $"'{name}' in it has {entry.Length} bytes; {storage.Count} numbers of {storage.Format.Name} need "
                + $"{storage.Count * storage.Format.Bytes}.");
        }

        var checksum = new Crc32();
        using var stream = entry.Open();
        var values = storage.Format.Read(stream, (int)storage.Count, checksum);
        if (entry.Crc32 != 0 && entry.Crc32 != checksum.GetCurrentHashAsUInt32()) // 0: saved without checksums
            throw new AlexNetException($"'{name}' in it is damaged: its checksum differs.");

        return values;
    }

    public void Dispose() => _zip.Dispose();

    private static bool IsPickle(string entry) => entry.EndsWith(PickleEnd, StringComparison.Ordinal);

    // Files before PyTorch 2.1 do not say; they are little-endian.
    private void RequireLittleEndian()
    {
        if (_zip.GetEntry($"{_folder}byteorder") is not { } entry)
            return;

        using var reader = new StreamReader(entry.Open());
        var start = new char[16];
        var order = new string(start, 0, reader.ReadBlock(start));
        if (order != "little")
            throw new AlexNetException($"its byte order is '{order}'; only 'little' is read.");
    }
}
