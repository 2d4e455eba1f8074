namespace MlNetAlexNet.Formats;

/// <summary>Writes a whole file or none: to a temporary name beside it, then renamed over it.</summary>
internal static class WholeFile
{
    /// <exception cref="AlexNetException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
                write(file);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception fault)
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            if (fault is IOException or UnauthorizedAccessException)
                throw new AlexNetException($"'{path}' cannot be written: {fault.Message}", fault);
            throw;
        }
    }
}
