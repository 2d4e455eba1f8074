namespace MlNetAlexNet.Images;

/// <summary>A folder of a part.</summary>
/// <param name="Name">As of <see cref="PartNames"/>.</param>
/// <param name="Folder">Full path of the one with the folders of the classes.</param>
/// <param name="Outer">Of the one around it that is called the same; null for none.</param>
internal readonly record struct SplitFolder(string Name, string Folder, string? Outer);

/// <summary>Which of the folders in a folder are splits.</summary>
/// <param name="Parts">In the order of training, validation and test; none where all are classes.</param>
/// <param name="Empty">Those of a validation or a test without a picture.</param>
internal sealed record FolderSplits(IReadOnlyList<SplitFolder> Parts, IReadOnlyList<string> Empty)
{
    private static readonly FolderSplits s_none = new([], []);

    /// <summary>Finds them by their usual names, else by the words in these, where two parts have such.</summary>
    /// <exception cref="AlexNetException">They have no classes, a part has two, or there are classes beside them.</exception>
    public static FolderSplits Find(string root, OutputFolders outputs)
    {
        var folders = FolderLayout.FindFolders(root, outputs);
        var named = Find(root, folders, PartNames.Find);
        return named.Parts.Count > 0 ? named
            : AreSplitsByWords(folders) ? Find(root, folders, PartNames.FindWord)
            : s_none;
    }

    /// <summary>Whether a folder is called as a validation or a test, and has no picture.</summary>
    public static bool IsEmpty(string folder) => IsHeldOut(PartOf(folder, PartNames.Find)) && !ImageFiles.HasPictures(folder);

    /// <summary>Of folders with pictures and without classes, a train may be a class, such as of vehicles, and no other.</summary>
    /// <exception cref="AlexNetException">One is called as a validation or a test.</exception>
    public static void RequireNoneFlat(IEnumerable<string> classes)
    {
        if (classes.FirstOrDefault(folder => IsHeldOut(PartOf(folder, PartNames.Find)) && ImageFiles.FindFolders(folder).Count == 0) is { } flat)
        {
            throw new AlexNetException(
                $"The folder '{flat}' is called as a part of a split, but has no class folders, and would be a class itself. Put the pictures "
                + $"of each class into a folder of their own in it, beside a 'train' of that kind; move it away, or rename it if it is a class.");
        }
    }

    /// <summary>Some of them, by their names.</summary>
    public static string NameAll(IReadOnlyList<string> folders)
    {
        const int Most = 5;
        var names = string.Join(", ", folders.Take(Most).Select(folder => $"'{Path.GetFileName(folder)}'"));
        return folders.Count > Most ? $"{names} and {folders.Count - Most} more" : names;
    }

    // seg_train and seg_test, with classes in them or with nothing beside them; one such word alone may be of a class: weight_training.
    private static bool AreSplitsByWords(List<string> folders)
    {
        var withPictures = folders.Where(ImageFiles.HasPictures).ToLookup(folder => PartOf(folder, PartNames.FindWord));
        var found = withPictures.Where(part => part.Key is not null).ToList();
        return (found.Count > 1 && !withPictures.Contains(null)) || found.Count(part => part.Any(HasFolders)) > 1;
    }

    private static FolderSplits Find(string root, List<string> folders, Func<string, string?> find)
    {
        string[] empty = [.. folders.Where(folder => IsHeldOut(PartOf(folder, find)) && !ImageFiles.HasPictures(folder))];
        var named = folders.Except(empty).ToLookup(folder => PartOf(folder, find));
        var parts = named.Where(part => part.Key is not null).SelectMany(part => part.Select(folder => (Name: part.Key!, Folder: folder))).ToList();
        var splits = parts.Where(part => HasFolders(part.Folder)).ToList();
        string[] flat = [.. parts.Except(splits).Select(part => part.Folder)];
        if (splits.Count == 0)
        {
            RequireOnePart(flat, [.. parts.Select(part => part.Name).Distinct()]);
            return s_none;
        }

        RequireNoClassesBeside(root, [.. splits.Select(split => split.Folder)], [.. named[null].Where(ImageFiles.HasPictures)]);
        if (flat.Length > 0)
        {
            throw new AlexNetException(
                $"The folder '{flat[0]}' has no class folders, and '{splits[0].Folder}' beside it has. Put the pictures of each class "
                + $"into a folder of their own in it, move it away, or rename it if it is a class.");
        }

        return new FolderSplits([.. PartNames.InOrder.SelectMany(name => FindOne(name, splits, find))], empty);
    }

    private static string? PartOf(string folder, Func<string, string?> find) => find(Path.GetFileName(folder));

    private static bool IsHeldOut(string? part) => part is PartNames.Validation or PartNames.Test;

    private static bool HasFolders(string folder) => ImageFiles.FindFolders(folder).Count > 0;

    private static IEnumerable<SplitFolder> FindOne(string name, List<(string Name, string Folder)> splits, Func<string, string?> find)
    {
        var folders = splits.Where(split => split.Name == name).Select(split => split.Folder).ToList();
        return folders.Count < 2
            ? folders.Select(folder => FindInner(name, folder, find))
            : throw new AlexNetException($"Both '{folders[0]}' and '{folders[1]}' exist, and mean the same part. Keep one of them.");
    }

    // training_set/training_set/cats, as some archives have it.
    private static SplitFolder FindInner(string name, string folder, Func<string, string?> find)
    {
        var folders = ImageFiles.FindFolders(folder);
        if (folders.Find(below => PartOf(below, find) == name && HasFolders(below)) is not { } inner)
            return new SplitFolder(name, folder, Outer: null);

        RequireNoClassesBeside(folder, [inner], [.. folders.Where(below => below != inner && ImageFiles.HasPictures(below))]);
        return new SplitFolder(name, inner, folder);
    }

    private static void RequireOnePart(string[] flat, string[] parts)
    {
        if (parts.Length > 1)
        {
            throw new AlexNetException(
                $"The folders {NameAll(flat)} are called as parts of a split, but have no class folders. Put the pictures of each class "
                + $"into a folder of their own in each, as in '{Path.Combine(flat[0], "cat", "1.jpg")}'; rename them if they are classes.");
        }
    }

    private static void RequireNoClassesBeside(string root, string[] splits, string[] others)
    {
        if (others.Length > 0)
        {
            throw new AlexNetException(
                $"The folder '{root}' has splits, {NameAll(splits)}, and other folders with pictures beside them: "
                + $"{NameAll(others)}. Move those away, or into the splits if they are classes. If "
                + $"{NameAll([splits[0]])} is a class itself, rename it.");
        }
    }
}
