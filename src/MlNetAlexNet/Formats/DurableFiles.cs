using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MlNetAlexNet.Formats;

/// <summary>What was written of a file.</summary>
/// <param name="Name">In its folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its bytes, in hexadecimal digits.</param>
internal sealed record FileRecord(string Name, long Bytes, string Sha256);

/// <summary>
/// Files of one folder that are whole, and on the drive, once they have their name, whenever the process is killed or the
/// power fails: written to a temporary name, flushed, renamed, and the folder flushed.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="beforeStep">Is told each step before it is made; tests end the process there. Default: nobody is.</param>
internal sealed partial class DurableFiles(string folder, Action<string>? beforeStep = null)
{
    private const string Unfinished = ".tmp";
    private const int BufferBytes = 1 << 20;

    // Ten seconds.
    private const int MostRenames = 100;
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(100);

    /// <summary>Writes a file, in place of one that has its name.</summary>
    /// <param name="name">Of the file.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="mode">Who may do what with it, which Windows does not ask. Default: what the process gives its files.</param>
    /// <exception cref="IOException">It cannot be written; what had the name is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public FileRecord Write(string name, Action<Stream> write, UnixFileMode? mode = null)
    {
        var path = PathOf(name);
        var unfinished = path + Unfinished;
        try
        {
            beforeStep?.Invoke($"create {name}");
            MakeFolder();
            FileRecord record;
            using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                if (mode is { } given && !OperatingSystem.IsWindows())
                    File.SetUnixFileMode(file.SafeFileHandle, given);
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                using var buffered = new BufferedStream(new Watched(file, hash, () => beforeStep?.Invoke($"write {name}")), BufferBytes);
                write(buffered);
                buffered.Flush();
                record = new(name, file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
                beforeStep?.Invoke($"flush {name}");
                file.Flush(flushToDisk: true);
            }

            beforeStep?.Invoke($"rename {name}");
            Rename(unfinished, path);
            beforeStep?.Invoke($"flush the folder of {name}");
            FlushFolder(folder);
            return record;
        }
        catch
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Deletes a file; none of that name is no fault.</summary>
    public void Delete(string name)
    {
        beforeStep?.Invoke($"delete {name}");
        File.Delete(PathOf(name));
    }

    /// <summary>Deletes what a process that was killed has left unfinished.</summary>
    public void DeleteUnfinished()
    {
        foreach (var name in Names.Where(name => name.EndsWith(Unfinished, StringComparison.Ordinal)).ToList())
            Delete(name);
    }

    /// <summary>Deletes the folder where nothing is left in it.</summary>
    public void DeleteFolderIfEmpty()
    {
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }

    /// <summary>The names of all files; none where there is no folder.</summary>
    public IEnumerable<string> Names => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))
        : [];

    /// <summary>Why a file is not the one that was written; null if it is.</summary>
    public string? FindDamage(FileRecord record)
    {
        using var file = OpenRead(record.Name);
        if (file.Length != record.Bytes)
            return FormattableString.Invariant($"'{record.Name}' has {file.Length} bytes; {record.Bytes} were written");

        return Convert.ToHexStringLower(SHA256.HashData(file)) == record.Sha256
            ? null
            : $"'{record.Name}' has other bytes than were written";
    }

    /// <summary>A file, to be read.</summary>
    public FileStream OpenRead(string name) =>
        new(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);

    /// <summary>The path of a file.</summary>
    public string PathOf(string name) => Path.Combine(folder, name);

    private void MakeFolder()
    {
        if (Directory.Exists(folder))
            return;

        Directory.CreateDirectory(folder);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(folder))!);
    }

    // Windows replaces no file that somebody has open, such as to load it.
    private static void Rename(string from, string to)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                File.Move(from, to, overwrite: true);
                return;
            }
            catch (Exception fault) when (
                OperatingSystem.IsWindows() && tries < MostRenames && (fault is IOException or UnauthorizedAccessException))
            {
                Thread.Sleep(s_wait);
            }
        }
    }

    // What a rename changes is the folder; on Windows, and where a file system flushes no folders, a file's own flush has to do.
    private static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        var handle = OpenFolder(path, 0); // O_RDONLY
        if (handle < 0)
            return;

        _ = Flush(handle);
        _ = Close(handle);
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int handle);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);

    // Hashes what goes through, and tells of each write.
    private sealed class Watched(FileStream file, IncrementalHash hash, Action beforeWrite) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position
        {
            get => file.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            beforeWrite();
            hash.AppendData(buffer);
            file.Write(buffer);
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
