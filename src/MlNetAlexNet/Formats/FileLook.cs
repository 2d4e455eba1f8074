using System.IO.Compression;

namespace MlNetAlexNet.Formats;

/// <summary>What tells a format of a file's content: its first bytes, and the names in it if it is a zip.</summary>
internal sealed class FileLook
{
    private const int StartBytes = 1 << 16;

    private readonly Lazy<IReadOnlyList<string>> _zipEntries;

    private FileLook(string path, byte[] start, bool isPipe)
    {
        Path = path;
        IsPipe = isPipe;
        Start = start;
        _zipEntries = new(() => IsZip ? ReadZipEntries(path) : []);
    }

    /// <summary>The file, for who has to look deeper.</summary>
    public string Path { get; }

    /// <summary>Its first 64 KiB; all of it if it has less.</summary>
    public ReadOnlyMemory<byte> Start { get; }

    /// <summary>Whether what was looked at is gone: the file gives its bytes once.</summary>
    public bool IsPipe { get; }

    /// <summary>Whether it starts as zips do.</summary>
    public bool IsZip => Start.Span.StartsWith("PK\x3\x4"u8);

    /// <summary>Whether it starts as a JSON object or list does.</summary>
    public bool IsJson => Start.Span.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    /// <summary>The full names of what is in the zip; empty if it is none, or damaged.</summary>
    public IReadOnlyList<string> ZipEntries => _zipEntries.Value;

    /// <exception cref="AlexNetException">The file is missing or cannot be read.</exception>
    public static FileLook Take(string path) => FileReading.Read(path, "a model", file => Take(path, file));

    /// <summary>The same of an open file, which is then behind its start.</summary>
    public static FileLook Take(string path, FileStream file)
    {
        var start = new byte[StartBytes];
        return new FileLook(path, start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)], !file.CanSeek);
    }

    private static IReadOnlyList<string> ReadZipEntries(string path)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            return [.. zip.Entries.Select(entry => entry.FullName)];
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            return [];
        }
    }
}
