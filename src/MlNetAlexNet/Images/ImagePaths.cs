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
    public static IReadOnlyList<string> Expand(IEnumerable<string> entries) => Expand(entries, out _);

    /// <summary>The same, and what else is there.</summary>
    /// <param name="entries">Files, folders and patterns.</param>
    /// <param name="others">Files that are left out, since they are no pictures by their names.</param>
    /// <exception cref="AlexNetException">An entry does not exist, has no pictures, or matches none.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> entries, out OtherFiles others)
    {
        var pictures = Expand(entries, out others, out var faults);
        return faults.Count == 0 ? pictures : throw faults.Values.First();
    }

    /// <summary>The same, where an entry of which no picture comes stands for itself.</summary>
    /// <param name="entries">Files, folders and patterns.</param>
    /// <param name="others">Files that are left out, since they are no pictures by their names.</param>
    /// <param name="faults">What is wrong with such entries: one does not exist, has no pictures, or matches none.</param>
    public static IReadOnlyList<string> Expand(
        IEnumerable<string> entries, out OtherFiles others, out IReadOnlyDictionary<string, AlexNetException> faults)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var left = new HashSet<string>(StringComparer.Ordinal);
        var refused = new Dictionary<string, AlexNetException>();
        string[] pictures = [.. entries.SelectMany(TryExpand).DistinctBy(Path.GetFullPath, StringComparer.Ordinal)];
        (others, faults) = (OtherFiles.Collect(left), refused);
        return pictures;

        List<string> TryExpand(string entry)
        {
            try
            {
                return ExpandOne(entry, left);
            }
            catch (AlexNetException fault)
            {
                refused[entry] = fault;
                return [entry];
            }
        }
    }

    private static List<string> ExpandOne(string entry, HashSet<string> others)
    {
        if (File.Exists(entry))
        {
            return [entry];
        }

        if (Directory.Exists(entry))
        {
            return Taken($"The folder '{entry}' has no pictures", ImageFiles.FindAll(entry), others);
        }

        if (entry.AsSpan().IndexOfAny('*', '?') < 0)
        {
            throw RawNames.FindFault(entry) ?? new AlexNetException(
                $"'{entry}' does not exist. Name picture files, folders or patterns (*, ?, **).");
        }

        return Taken($"The pattern '{entry}' matches no picture", Match(entry), others);
    }

    private static List<string> Taken(string fault, IReadOnlyList<string> files, HashSet<string> others)
    {
        var byName = files.ToLookup(ImageFiles.IsPicture);
        others.UnionWith(byName[false].Select(Path.GetFullPath));
        return byName[true].Any()
            ? [.. byName[true]]
            : throw new AlexNetException($"{fault}{LabeledParts.Instead(byName[false])}. {ImageFiles.Looked}");
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

        return [.. folders.SelectMany(folder => Files(folder, names[^1]))
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

    private static IEnumerable<string> Files(string folder, string name)
    {
        if (name == "**")
        {
            return ImageFiles.FindAll(Here(folder));
        }

        var files = ImageFiles.FindAll(Here(folder), recursive: false).Where(file => Fits(name, file));
        var below = ImageFiles.FindFolders(Here(folder)).Where(inner => Fits(name, inner));
        return files.Concat(below.SelectMany(inner => ImageFiles.FindAll(inner)))
            .Select(path => folder.Length == 0 ? Path.GetRelativePath(".", path) : path);
    }

    private static string Here(string folder) => folder.Length == 0 ? "." : folder;

    private static bool HasWildcard(string name) => name.AsSpan().IndexOfAny('*', '?') >= 0;

    private static bool Fits(string name, string path) => FileSystemName.MatchesSimpleExpression(
        name, Path.GetFileName(path.AsSpan()), ignoreCase: OperatingSystem.IsWindows());
}
