using System.Text;

namespace MlNetAlexNet.Formats;

/// <summary>
/// Writes a whole file or none: to a temporary name beside it, then renamed over it. What stood there stays until then.
/// Folders are created.
/// </summary>
internal static class WholeFile
{
    /// <exception cref="AlexNetException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write) => Make(path, unfinished =>
    {
        using var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.ReadWrite);
        write(file);
    });

    /// <inheritdoc cref="Write"/>
    public static void WriteText(string path, string text) =>
        Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>For what writes to a file by its name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="make">Takes the temporary name; if it throws, nothing is written.</param>
    /// <exception cref="AlexNetException">The file cannot be written.</exception>
    public static void Make(string path, Action<string> make)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var target = Path.GetFullPath(path);
        string? unfinished = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? target);
            unfinished = UnfinishedFile.NameBeside(target);
            make(unfinished);
            Flush(unfinished);
            File.Move(unfinished, target, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException(
                $"'{path}' cannot be written: {fault.Message.TrimEnd('.')}. Make room there, or write to another folder.", fault);
        }
        finally
        {
            if (unfinished is not null && File.Exists(unfinished))
                File.Delete(unfinished);
        }
    }

    // To the drive, so that a power cut after the renaming leaves no empty file under the name.
    private static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.Flush(flushToDisk: true);
    }
}
