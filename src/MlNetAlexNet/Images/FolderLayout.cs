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
/// <param name="Empty">Folders of a validation or a test without a picture, which count as if they were not there.</param>
internal sealed record FolderLayout(string Root, IReadOnlyList<FolderPart> Parts, IReadOnlyList<string> Empty)
{
    /// <summary>Reads it. Empty classes, pictures beside classes and a part that is missing are found, not refused.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="outputs">What is no class.</param>
    /// <exception cref="AlexNetException">The folder is missing or cannot be read, or can be understood in two ways.</exception>
    public static FolderLayout Read(string path, OutputFolders outputs)
    {
        var root = ImageFolder.ExistingFolder(path);
        if (FolderSplits.Find(root, outputs) is { Parts.Count: > 0 } splits)
            return OfSplits(root, splits, outputs);

        if (FindOnlyFolder(root, outputs) is { } only && FolderSplits.Find(only, outputs) is { Parts.Count: > 0 } below)
            return OfSplits(root, below, outputs);

        string[] empty = [.. FindFolders(root, outputs).Where(FolderSplits.IsEmpty)];
        var classes = FindFolders(root, outputs).Except(empty).ToList();
        FolderSplits.RequireNoneFlat(classes);
        return new FolderLayout(root, [ReadPart("", root, classes, ImageFiles.Find(root, recursive: false))], empty);
    }

    internal static List<string> FindFolders(string folder, OutputFolders outputs) =>
        [.. ImageFiles.FindFolders(folder).Where(below => !outputs.Contain(below))];

    // As an archive is unpacked into a folder of its name.
    private static string? FindOnlyFolder(string root, OutputFolders outputs) =>
        ImageFiles.Find(root, recursive: false).Count == 0
        && FindFolders(root, outputs).Where(ImageFiles.HasPictures).Take(2).ToList() is [var only]
            ? only
            : null;

    private static FolderLayout OfSplits(string root, FolderSplits splits, OutputFolders outputs) => new(
        root,
        [
            .. splits.Parts.Select(part => ReadPart(part.Name, part.Folder, FindFolders(part.Folder, outputs),
                [.. part.Outer is { } outer ? ImageFiles.Find(outer, recursive: false) : [], .. ImageFiles.Find(part.Folder, recursive: false)])),
        ],
        splits.Empty);

    private static FolderPart ReadPart(string name, string folder, List<string> classes, List<string> loose)
    {
        foreach (var each in classes)
            RequireNoSplitsWithin(each);

        RequireDifferent(folder, classes);
        return new FolderPart(name, folder, [.. classes.Select(ReadClass)], loose);
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
                $"The folder '{classFolder}' would be a class, but has splits: {FolderSplits.NameAll(splits)}. Splits come first and classes below "
                + "them, as in 'train/cat/1.jpg'. Move the folders, or rename those that are no splits.");
        }
    }

    private static ClassFolder ReadClass(string folder)
    {
        var files = ImageFiles.FindAll(folder).ToLookup(ImageFiles.IsPicture);
        return new ClassFolder(folder, [.. files[true]], [.. files[false]]);
    }
}
