namespace MlNetAlexNet.Images;

/// <summary>The file of a picture, opened to be read from its beginning to its end.</summary>
internal static class PictureFile
{
    /// <summary>Opens it. What has no bytes is refused first: to open a pipe may wait for ever.</summary>
    /// <exception cref="AlexNetException">It is empty.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return file is { Exists: true, Length: 0 }
            ? throw new AlexNetException($"The picture '{path}' is empty, or no file with bytes of its own, such as a pipe.")
            {
                PictureFault = PictureFault.Empty,
            }
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
    }
}
