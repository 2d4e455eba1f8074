namespace MlNetAlexNet.Images;

/// <summary>Finds the pictures below a folder, whatever the file system, in one order.</summary>
internal static class ImageFiles
{
    /// <summary>
    /// Names that count as pictures, upper or lower case. The second row cannot be decoded: such files are listed
    /// nonetheless so that they are reported as bad pictures instead of being left out in silence.
    /// </summary>
    private static readonly string[] Extensions =
    [
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".gif", ".webp",
        ".tif", ".tiff", ".heic", ".heif", ".avif",
    ];

    // Hidden files and folders are skipped, and those of JunkNames; unreadable ones are errors.
    private static readonly EnumerationOptions Visible = new()
    {
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        IgnoreInaccessible = false,
    };

    /// <summary>What an error says about the files looked for.</summary>
    internal const string Looked = "Pictures end in .jpg, .jpeg, .png, .bmp, .gif or .webp.";

    internal static bool IsPicture(string path) =>
        Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The pictures in the folder and, when asked, below it, in ordinal order.</summary>
    /// <exception cref="AlexNetException">A folder cannot be read.</exception>
    internal static List<string> Find(string folder, bool recursive) =>
        [.. FindAll(folder, recursive).Where(IsPicture)];

    /// <summary>The files in the folder and, when asked, below it, whatever they are called, in ordinal order.</summary>
    /// <exception cref="AlexNetException">A folder cannot be read.</exception>
    internal static List<string> FindAll(string folder, bool recursive = true) =>
        Sorted(folder, () => recursive ? FoldersFrom(folder, [RealPath(folder)], but: _ => false).SelectMany(Files) : Files(folder));

    /// <summary>Whether there is a picture in the folder or below it; not all of it is looked through if there is.</summary>
    /// <exception cref="AlexNetException">A folder cannot be read.</exception>
    internal static bool HasPictures(string folder) => HasPictures(folder, but: _ => false);

    /// <summary>The same, but for those in some folders.</summary>
    /// <exception cref="AlexNetException">A folder cannot be read.</exception>
    internal static bool HasPictures(string folder, Func<string, bool> but) =>
        Sorted(folder, () => FoldersFrom(folder, [RealPath(folder)], but).SelectMany(Files).Where(IsPicture).Take(1)).Count > 0;

    /// <summary>The folder and all below it, but hidden ones.</summary>
    /// <exception cref="AlexNetException">A folder cannot be read.</exception>
    internal static List<string> FindFoldersFrom(string folder) =>
        Sorted(folder, () => FoldersFrom(folder, [RealPath(folder)], but: _ => false));

    /// <summary>The folders in the folder, but hidden ones, in ordinal order.</summary>
    /// <exception cref="AlexNetException">The folder cannot be read.</exception>
    internal static List<string> FindFolders(string folder) => Sorted(folder, () => Folders(folder));

    // A linked folder is followed unless it leads back to one on the way to it, or above.
    private static IEnumerable<string> FoldersFrom(string folder, string[] way, Func<string, bool> but) =>
        but(folder) ? [] : Folders(folder)
            .Select(below => (Path: below, RealPath: RealPath(below)))
            .Where(below => !way.Any(above => IsWithin(above, below.RealPath)))
            .SelectMany(below => FoldersFrom(below.Path, [.. way, below.RealPath], but))
            .Prepend(folder);

    /// <summary>Whether a path is that of a folder, or of something in it.</summary>
    internal static bool IsWithin(string path, string folder) =>
        (path + Path.DirectorySeparatorChar).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string RealPath(string folder) =>
        Path.TrimEndingDirectorySeparator(
            Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder));

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", Visible).Where(file => !JunkNames.Contain(file))
            .Select(file => IsPicture(file) && RawNames.IsLost(file) ? throw RawNames.Refuse(folder) : file);

    private static IEnumerable<string> Folders(string folder) =>
        Directory.EnumerateDirectories(folder, "*", Visible).Where(below => !JunkNames.Contain(below))
            .Select(below => RawNames.IsLost(below) ? throw RawNames.Refuse(folder) : below);

    private static List<string> Sorted(string folder, Func<IEnumerable<string>> paths)
    {
        try
        {
            return [.. paths().OrderBy(path => path.Replace('\\', '/'), StringComparer.Ordinal)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The folder '{folder}' cannot be read: {fault.Message}", fault);
        }
    }
}
