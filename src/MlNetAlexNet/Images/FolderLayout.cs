using MlNetAlexNet.Models;

namespace MlNetAlexNet.Images;

/// <summary>A folder of a class, as it is found.</summary>
/// <param name="Path">Full path; the class is called as its last name.</param>
/// <param name="Pictures">All below it.</param>
/// <param name="Others">Files below it that are no pictures by their names.</param>
internal sealed record ClassFolder(string Path, IReadOnlyList<string> Pictures, IReadOnlyList<string> Others)
{
    /// <summary>Of the class, composed: macOS stores accents apart from their letters.</summary>
    public string Name => CanonicalForms.Compose(System.IO.Path.GetFileName(Path));
}

/// <summary>A part of the pictures that has a folder.</summary>
/// <param name="Name">As of <see cref="PartNames"/>; <c>""</c> where there are no splits.</param>
/// <param name="Folder">Full path.</param>
/// <param name="Classes">In ordinal order; none where the folder has none.</param>
/// <param name="Loose">Pictures beside the classes.</param>
internal sealed record FolderPart(string Name, string Folder, IReadOnlyList<ClassFolder> Classes, IReadOnlyList<string> Loose);

/// <summary>What a folder of pictures means: which folders are splits, and which are classes.</summary>
/// <param name="Root">Full path of the folder that was named.</param>
/// <param name="Parts">Those that have a folder, in the order of training, validation and test; else the whole alone.</param>
internal sealed record FolderLayout(string Root, IReadOnlyList<FolderPart> Parts)
{
    /// <summary>Reads it. Empty classes, pictures beside classes and a part that is missing are found, not refused.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="outputs">What is no class.</param>
    /// <exception cref="AlexNetException">The folder is missing or cannot be read, or can be understood in two ways.</exception>
    public static FolderLayout Read(string path, OutputFolders outputs)
    {
        var root = ImageFolder.ExistingFolder(path);
        var parts = FindSplits(root, outputs) is { Count: > 0 } splits ? splits
            : FindOnlyFolder(root, outputs) is { } only && FindSplits(only, outputs) is { Count: > 0 } below ? below
            : [("", root)];
        return new FolderLayout(root, [.. parts.Select(part => ReadPart(part.Name, part.Folder, outputs))]);
    }

    private static List<string> FindFolders(string folder, OutputFolders outputs) =>
        [.. ImageFiles.FindFolders(folder).Where(below => !outputs.Contain(below))];

    // As an archive is unpacked into a folder of its name.
    private static string? FindOnlyFolder(string root, OutputFolders outputs) =>
        ImageFiles.Find(root, recursive: false).Count == 0
        && FindFolders(root, outputs).Where(ImageFiles.HasPictures).Take(2).ToList() is [var only]
            ? only
            : null;

    private static List<(string Name, string Folder)> FindSplits(string root, OutputFolders outputs)
    {
        var named = FindFolders(root, outputs).ToLookup(folder => PartNames.Find(Path.GetFileName(folder)));
        var (splits, flat) = (new List<(string Name, string Folder)>(), new List<string>());
        foreach (var (name, folder) in named.Where(part => part.Key is not null).SelectMany(part => part.Select(folder => (part.Key!, folder))))
        {
            if (ImageFiles.FindFolders(folder).Count > 0)
                splits.Add((name, folder));
            else
                flat.Add(folder);
        }

        if (splits.Count == 0)
        {
            RequireNoFlatSplits(flat);
            return []; // one of them is a class, such as of vehicles
        }

        RequireNoClassesBeside(root, splits, [.. named[null].Where(ImageFiles.HasPictures)]);
        if (flat.Count > 0)
        {
            throw new AlexNetException(
                $"The folder '{flat[0]}' has no class folders, and '{splits[0].Folder}' beside it has. Put the pictures of each class "
                + $"into a folder of their own in it, move it away, or rename it if it is a class.");
        }

        return [.. PartNames.InOrder.SelectMany(name => FindOne(name, splits))];
    }

    private static IEnumerable<(string Name, string Folder)> FindOne(string name, List<(string Name, string Folder)> splits)
    {
        var folders = splits.Where(split => split.Name == name).Select(split => split.Folder).ToList();
        return folders.Count < 2
            ? folders.Select(folder => (name, FindInner(name, folder)))
            : throw new AlexNetException($"Both '{folders[0]}' and '{folders[1]}' exist, and mean the same part. Keep one of them.");
    }

    // training_set/training_set/cats, as some archives have it.
    private static string FindInner(string name, string folder) =>
        ImageFiles.FindFolders(folder) is [var only] && PartNames.Find(Path.GetFileName(only)) == name && ImageFiles.FindFolders(only).Count > 0
            ? only
            : folder;

    private static void RequireNoFlatSplits(List<string> flat)
    {
        if (flat.Select(folder => PartNames.Find(Path.GetFileName(folder))).Distinct().Skip(1).Any())
        {
            throw new AlexNetException(
                $"The folders {NameAll(flat)} are called as parts of a split, but have no class folders. Put the pictures of each class "
                + $"into a folder of their own in each, as in '{Path.Combine(flat[0], "cat", "1.jpg")}'; rename them if they are classes.");
        }
    }

    private static void RequireNoClassesBeside(string root, List<(string Name, string Folder)> splits, List<string> others)
    {
        if (others.Count > 0)
        {
            throw new AlexNetException(
                $"The folder '{root}' has splits, {NameAll([.. splits.Select(split => split.Folder)])}, and other folders with pictures beside them: "
                + $"{NameAll(others)}. Move those away, or into the splits if they are classes. If "
                + $"{NameAll([splits[0].Folder])} is a class itself, rename it.");
        }
    }

    private static FolderPart ReadPart(string name, string folder, OutputFolders outputs)
    {
        var classes = FindFolders(folder, outputs);
        foreach (var each in classes)
            RequireNoSplitsWithin(each);

        RequireDifferent(folder, classes);
        return new FolderPart(name, folder, [.. classes.Select(ReadClass)], ImageFiles.Find(folder, recursive: false));
    }

    private static void RequireDifferent(string folder, List<string> classes)
    {
        if (classes.GroupBy(each => CanonicalForms.Compose(Path.GetFileName(each))).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
        {
            throw new AlexNetException(
                $"The folder '{folder}' has {twice.Count()} folders called '{twice.Key}', which differ in how its accents are stored alone "
                + "(composed as on Windows, or decomposed as on macOS). Move their pictures into one of them.");
        }
    }

    // cat/train and cat/test would all be trained on.
    private static void RequireNoSplitsWithin(string classFolder)
    {
        var splits = ImageFiles.FindFolders(classFolder).Where(folder => PartNames.Find(Path.GetFileName(folder)) is not null).ToList();
        if (splits.Select(folder => PartNames.Find(Path.GetFileName(folder))).Distinct().Skip(1).Any())
        {
            throw new AlexNetException(
                $"The folder '{classFolder}' would be a class, but has splits: {NameAll(splits)}. Splits come first and classes below "
                + "them, as in 'train/cat/1.jpg'. Move the folders, or rename those that are no splits.");
        }
    }

    private static ClassFolder ReadClass(string folder)
    {
        var files = ImageFiles.FindAll(folder).ToLookup(ImageFiles.IsPicture);
        return new ClassFolder(folder, [.. files[true]], [.. files[false]]);
    }

    private static string NameAll(List<string> folders)
    {
        const int Most = 5;
        var names = string.Join(", ", folders.Take(Most).Select(folder => $"'{Path.GetFileName(folder)}'"));
        return folders.Count > Most ? $"{names} and {folders.Count - Most} more" : names;
    }
}
