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
    private static readonly string[] ValidationNames = ["validation", "val", "valid"];

    /// <summary>
    /// Opens <c>PATH/train</c>, <c>PATH/validation</c> (or <c>val</c>, <c>valid</c>) and <c>PATH/test</c> with a folder
    /// a class in each, or <c>PATH</c> with a folder a class. Parts that have no folder are drawn from the training
    /// pictures, class by class. A folder <c>train</c> with pictures of its own and no folders is a class of that name.
    /// </summary>
    /// <exception cref="AlexNetException">
    /// The folder is missing or not a folder, has fewer than two classes, an empty class, pictures beside the class
    /// folders or a class with too few pictures for the split, or validation or test have classes that train has not.
    /// </exception>
    public static ImageFolder Open(string path, SplitOptions? split = null)
    {
        split ??= new SplitOptions();
        OptionFaults.RequireNone(split.ListFaults());
        var root = ExistingFolder(path);

        var train = System.IO.Path.Combine(root, "train");
        if (!Directory.Exists(train) || ImageFiles.FindFolders(train).Count == 0)
        {
            return Drawn(root, ListLabeled(root), [], [], split);
        }

        var validation = Part(root, ValidationNames);
        var test = Part(root, ["test"]);
        return Drawn(
            root, ListLabeled(train), validation, test,
            split with
            {
                ValidationFraction = validation.Count > 0 ? 0 : split.ValidationFraction,
                TestFraction = test.Count > 0 ? 0 : split.TestFraction,
            });
    }

    /// <summary>The pictures of a folder with a folder a class, without a split: by class, then by path.</summary>
    /// <exception cref="AlexNetException">
    /// The folder is missing or not a folder, has no classes, an empty class or pictures beside the class folders.
    /// </exception>
    public static IReadOnlyList<LabeledImage> ListLabeled(string path)
    {
        var root = ExistingFolder(path);
        var folders = ImageFiles.FindFolders(root);
        if (folders.Count == 0)
        {
            throw new AlexNetException(
                $"The folder '{root}' has no class folders. Put the pictures of each class in a folder named after it: "
                + $"'{System.IO.Path.Combine(root, "cat", "1.jpg")}'.");
        }

        var loose = ImageFiles.Find(root, recursive: false);
        if (loose.Count > 0)
        {
            throw new AlexNetException(
                $"The folder '{root}' has {loose.Count} pictures beside its class folders, such as '{loose[0]}'. "
                + "Move each into the folder of its class, or away.");
        }

        return [.. folders.SelectMany(OfClass)];
    }

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

    private static IReadOnlyList<LabeledImage> Part(string root, string[] names)
    {
        var folders = names.Select(name => System.IO.Path.Combine(root, name)).Where(Directory.Exists).ToList();
        if (folders.Count > 1)
        {
            throw new AlexNetException($"Both '{folders[0]}' and '{folders[1]}' exist. Keep one of them.");
        }

        return folders.Count == 0 ? [] : ListLabeled(folders[0]);
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

        var drawn = StratifiedSplit.Draw(train, split);
        return new ImageFolder(
            root, classes, drawn.Train, [.. validation, .. drawn.Validation], [.. test, .. drawn.Test]);
    }

    private static string ExistingFolder(string path)
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
