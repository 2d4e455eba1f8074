namespace MlNetAlexNet.Images;

/// <summary>
/// Pictures on disk by class and part, in an order that does not depend on the file system. Class folders are searched
/// to any depth and through links. Hidden files and files that are not pictures by their name are left out.
/// </summary>
/// <param name="Path">Full path of the folder.</param>
/// <param name="Classes">Names of the classes, at least two, in ordinal order.</param>
/// <param name="Train">Pictures to train on: by class, then by path.</param>
/// <param name="Validation">Pictures that choose the best weights; empty when their fraction is 0.</param>
/// <param name="Test">Pictures kept for the final figure; empty when their fraction is 0.</param>
public sealed record ImageFolder(
    string Path,
    IReadOnlyList<string> Classes,
    IReadOnlyList<LabeledImage> Train,
    IReadOnlyList<LabeledImage> Validation,
    IReadOnlyList<LabeledImage> Test)
{
    internal const string TrainPart = "train";
    internal const string ValidationPart = "validation";
    internal const string TestPart = "test";

    private static readonly string[] ValidationNames = [ValidationPart, "val", "valid"];

    /// <summary>
    /// Opens <c>PATH/train</c>, <c>PATH/validation</c> (or <c>val</c>, <c>valid</c>) and <c>PATH/test</c> with a folder
    /// a class in each, or <c>PATH</c> with a folder a class. Parts that have no folder are drawn from the training
    /// pictures, class by class. A folder <c>train</c> with pictures of its own and no folders is a class of that name.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="split">How parts that have no folder are drawn. Copies of a file, byte for byte, of one class go where it goes.</param>
    /// <param name="only">
    /// Those pictures alone, each by its path from the folder on with <c>/</c> between its names. Default: all.
    /// </param>
    /// <exception cref="AlexNetException">
    /// The folder is missing or not a folder, has fewer than two classes, an empty class, pictures beside the class
    /// folders or a class with too few pictures for the split, validation or test have classes that train has not, or one of
    /// <paramref name="only"/> is not there.
    /// </exception>
    public static ImageFolder Open(string path, SplitOptions? split = null, IReadOnlySet<string>? only = null)
    {
        split ??= new SplitOptions();
        OptionFaults.RequireNone(split.ListFaults());
        var root = ExistingFolder(path);
        var parts = FindParts(root).ToDictionary(part => part.Name, part => ListLabeled(part.Folder));
        var train = parts.GetValueOrDefault(TrainPart) ?? parts[""];
        if (only is not null)
        {
            RequireThere(root, only, parts.Values.SelectMany(part => part).Select(picture => NameIn(root, picture.ImagePath)));
            RequireEveryClass(train, train = Kept(train));
        }

        var (validation, test) = (Kept(parts.GetValueOrDefault(ValidationPart, [])), Kept(parts.GetValueOrDefault(TestPart, [])));
        return Drawn(
            root, train, validation, test,
            split with
            {
                ValidationFraction = parts.ContainsKey(ValidationPart) ? 0 : split.ValidationFraction,
                TestFraction = parts.ContainsKey(TestPart) ? 0 : split.TestFraction,
            });

        IReadOnlyList<LabeledImage> Kept(IReadOnlyList<LabeledImage> part) =>
            only is null ? part : [.. part.Where(picture => only.Contains(NameIn(root, picture.ImagePath)))];
    }

    /// <summary>The parts that have a folder: training first, then validation and test; the whole as <c>""</c> if none has.</summary>
    /// <exception cref="AlexNetException">A part has two folders, or one cannot be read.</exception>
    internal static IReadOnlyList<(string Name, string Folder)> FindParts(string root)
    {
        var train = System.IO.Path.Combine(root, TrainPart);
        if (!Directory.Exists(train) || ImageFiles.FindFolders(train).Count == 0)
            return [("", root)];

        return [(TrainPart, train), .. Part(root, ValidationPart, ValidationNames), .. Part(root, TestPart, [TestPart])];
    }

    /// <summary>A picture's path from the folder on, with <c>/</c> between its names.</summary>
    internal static string NameIn(string root, string path) =>
        System.IO.Path.GetRelativePath(root, path).Replace(System.IO.Path.DirectorySeparatorChar, '/');

    /// <summary>Refuses a list that names pictures which are not there.</summary>
    internal static void RequireThere(string root, IReadOnlySet<string> only, IEnumerable<string> names)
    {
        if (only.Except(names).ToList() is { Count: > 0 } missing)
        {
            throw new AlexNetException(
                $"The list names {missing.Count} pictures that '{root}' has not, such as '{missing[0]}'. "
                + "Paths in it begin within the folder. Write the list anew.");
        }
    }

    /// <summary>The pictures of a folder with a folder a class, without a split: by class, then by path.</summary>
    /// <exception cref="AlexNetException">
    /// The folder is missing or not a folder, has no classes, an empty class or pictures beside the class folders.
    /// </exception>
    public static IReadOnlyList<LabeledImage> ListLabeled(string path)
    {
        var root = ExistingFolder(path);
        var folders = FindClasses(root);
        var loose = ImageFiles.Find(root, recursive: false);
        if (loose.Count > 0)
        {
            throw new AlexNetException(
                $"The folder '{root}' has {loose.Count} pictures beside its class folders, such as '{loose[0]}'. "
                + "Move each into the folder of its class, or away.");
        }

        return [.. folders.SelectMany(OfClass)];
    }

    /// <summary>The class folders of a folder, in ordinal order.</summary>
    /// <exception cref="AlexNetException">There are none.</exception>
    internal static IReadOnlyList<string> FindClasses(string root) => ImageFiles.FindFolders(root) is { Count: > 0 } folders
        ? folders
        : throw new AlexNetException(
            $"The folder '{root}' has no class folders. Put the pictures of each class in a folder named after it: "
            + $"'{System.IO.Path.Combine(root, "cat", "1.jpg")}'.");

    /// <summary>The pictures of a folder and all folders in it, whatever they are called, by path.</summary>
    /// <exception cref="AlexNetException">The folder is missing or not a folder, or has no pictures.</exception>
    public static IReadOnlyList<string> ListPictures(string path)
    {
        var root = ExistingFolder(path);
        return ImageFiles.Find(root, recursive: true) is { Count: > 0 } pictures
            ? pictures
            : throw new AlexNetException($"The folder '{root}' has no pictures. {ImageFiles.Looked}");
    }

    private static IEnumerable<LabeledImage> OfClass(string folder)
    {
        var pictures = ImageFiles.Find(folder, recursive: true);
        if (pictures.Count == 0)
        {
            throw new AlexNetException(
                $"The class folder '{folder}' has no pictures. {ImageFiles.Looked} Add some or remove the folder.");
        }

        var label = System.IO.Path.GetFileName(folder);
        return pictures.Select(picture => new LabeledImage { ImagePath = picture, Label = label });
    }

    private static void RequireEveryClass(IReadOnlyList<LabeledImage> all, IReadOnlyList<LabeledImage> kept)
    {
        if (all.Select(picture => picture.Label).Except(kept.Select(picture => picture.Label)).FirstOrDefault() is { } empty)
        {
            throw new AlexNetException(
                $"The list has no picture of class '{empty}' to train on. Take some into it, or remove the folder of the class.");
        }
    }

    private static IEnumerable<(string Name, string Folder)> Part(string root, string part, string[] names)
    {
        var folders = names.Select(name => System.IO.Path.Combine(root, name)).Where(Directory.Exists).ToList();
        if (folders.Count > 1)
        {
            throw new AlexNetException($"Both '{folders[0]}' and '{folders[1]}' exist. Keep one of them.");
        }

        return folders.Select(folder => (part, folder));
    }

    private static ImageFolder Drawn(
        string root,
        IReadOnlyList<LabeledImage> train,
        IReadOnlyList<LabeledImage> validation,
        IReadOnlyList<LabeledImage> test,
        SplitOptions split)
    {
        string[] classes = [.. train.Select(image => image.Label).Distinct()];
        if (classes.Length < 2)
        {
            throw new AlexNetException(
                $"The folder '{root}' has only the class '{classes[0]}'. A classifier needs at least two class "
                + "folders.");
        }

        string[] unknown = [.. validation.Concat(test).Select(image => image.Label).Distinct().Except(classes)];
        if (unknown.Length > 0)
        {
            throw new AlexNetException(
                $"The validation or test folder of '{root}' has classes that train/ has not: "
                + $"{string.Join(", ", unknown)}. Known: {string.Join(", ", classes)}.");
        }

        var isDrawn = split is not { ValidationFraction: 0, TestFraction: 0 };
        var drawn = StratifiedSplit.Draw(train, split, isDrawn ? PictureCopies.FindFirsts(train) : null);
        return new ImageFolder(
            root, classes, drawn.Train, [.. validation, .. drawn.Validation], [.. test, .. drawn.Test]);
    }

    /// <summary>The full path of a folder.</summary>
    /// <exception cref="AlexNetException">There is none.</exception>
    internal static string ExistingFolder(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (File.Exists(path))
        {
            throw new AlexNetException($"'{path}' is a file. Name the folder that holds the pictures.");
        }

        if (!Directory.Exists(path))
        {
            throw new AlexNetException($"The folder '{path}' does not exist.");
        }

        return System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
    }
}
