using System.IO.Enumeration;

namespace MlNetAlexNet.Images;

/// <summary>Files, folders and patterns to the pictures they mean.</summary>
public static class ImagePaths
{
    /// <summary>
    /// Each entry is a file (taken whatever its name), a folder (its pictures, to any depth) or a pattern:
    /// <c>*</c> and <c>?</c> stand for characters of one name, a name <c>**</c> for any number of folders, and files
    /// matched are taken when their name is a picture's, folders matched as if named. Entries keep their order, what
    /// each gives is in ordinal order, and a picture named twice counts once.
    /// </summary>
    /// <exception cref="AlexNetException">An entry does not exist, has no pictures, or matches none.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return [.. entries.SelectMany(ExpandOne).DistinctBy(Path.GetFullPath, StringComparer.Ordinal)];
    }

    private static List<string> ExpandOne(string entry)
    {
        if (File.Exists(entry))
        {
            return [entry];
        }

        if (Directory.Exists(entry))
        {
            var inside = ImageFiles.Find(entry, recursive: true);
            return inside.Count > 0
                ? inside
                : throw new AlexNetException($"The folder '{entry}' has no pictures. {ImageFiles.Looked}");
        }

        if (entry.AsSpan().IndexOfAny('*', '?') < 0)
        {
            throw new AlexNetException(
                $"'{entry}' does not exist. Name picture files, folders or patterns (*, ?, **).");
        }

        var matched = Match(entry);
        return matched.Count > 0
            ? matched
            : throw new AlexNetException($"The pattern '{entry}' matches no picture. {ImageFiles.Looked}");
    }

    private static List<string> Match(string pattern)
    {
        var root = Path.GetPathRoot(pattern)!;
        var names = pattern[root.Length..]
            .Split(['/', Path.DirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);

        IEnumerable<string> folders = [root];
        foreach (var name in names.SkipLast(1))
        {
            folders = folders.SelectMany(folder => Folders(folder, name)).Distinct().ToList();
        }

        return [.. folders.SelectMany(folder => Pictures(folder, names[^1]))
            .OrderBy(path => path.Replace('\\', '/'), StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Folders(string folder, string name)
    {
        if (name == "**")
        {
            return ImageFiles.FindFolders(Here(folder)).SelectMany(below => Folders(below, name)).Prepend(folder);
        }

        if (!HasWildcard(name))
        {
            return new[] { Path.Combine(folder, name) }.Where(Directory.Exists);
        }

        return ImageFiles.FindFolders(Here(folder))
            .Where(below => Fits(name, below)).Select(below => Path.Combine(folder, Path.GetFileName(below)));
    }

    private static IEnumerable<string> Pictures(string folder, string name)
    {
        if (name == "**")
        {
            return ImageFiles.Find(Here(folder), recursive: true);
        }

        var files = ImageFiles.Find(Here(folder), recursive: false).Where(file => Fits(name, file));
        var below = ImageFiles.FindFolders(Here(folder)).Where(inner => Fits(name, inner));
        return files.Concat(below.SelectMany(inner => ImageFiles.Find(inner, recursive: true)))
            .Select(path => folder.Length == 0 ? Path.GetRelativePath(".", path) : path);
    }

    private static string Here(string folder) => folder.Length == 0 ? "." : folder;

    private static bool HasWildcard(string name) => name.AsSpan().IndexOfAny('*', '?') >= 0;

    private static bool Fits(string name, string path) => FileSystemName.MatchesSimpleExpression(
        name, Path.GetFileName(path.AsSpan()), ignoreCase: OperatingSystem.IsWindows());
}
