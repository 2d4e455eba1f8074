namespace MlNetAlexNet.Formats;

/// <summary>Opens files of other frameworks; whatever is wrong with one is one error that names it.</summary>
internal static class ForeignFile
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it should be, such as <c>a safetensors file</c>.</param>
    /// <param name="read">Takes the open file; it may throw what damaged data makes the system throw.</param>
    /// <exception cref="AlexNetException">The file is missing, cannot be opened, or is not of that kind.</exception>
    public static T Read<T>(string path, string kind, Func<FileStream, T> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            return read(file);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AlexNetException($"The file '{path}' does not exist.", fault);
        }
        catch (EndOfStreamException fault)
        {
            throw new AlexNetException($"'{path}' cannot be read as {kind}: it is cut short.", fault);
        }
        catch (Exception fault) when (fault is AlexNetException or InvalidDataException)
        {
            throw new AlexNetException($"'{path}' cannot be read as {kind}: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The file '{path}' cannot be read: {fault.Message}", fault);
        }
    }
}
