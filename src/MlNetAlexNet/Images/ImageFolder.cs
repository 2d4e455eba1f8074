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
    /// <summary>
    /// Folders without pictures in the validation or the test, of classes or of all of it, each from the folder on, with <c>/</c> between
    /// names. A validation or a test that has none at all counts as if it were not there.
    /// </summary>
    public IReadOnlyList<string> EmptyClasses { get; init; } = [];

    /// <summary>Files in the class folders that are left out, since they are no pictures by their names.</summary>
    public OtherFiles OtherFiles { get; init; } = OtherFiles.None;

    /// <summary>
    /// Opens a folder with a folder a class, or with splits that have a folder a class each: <c>train</c> or <c>training</c>;
    /// <c>val</c>, <c>valid</c>, <c>validation</c> or <c>dev</c>; <c>test</c> or <c>testing</c>; in any case, also behind a <c>set</c>
    /// as <c>test_set</c>, and also where all of them are in one folder, the only one with pictures. Splits that have no folder are drawn
    /// from the training pictures, class by class. Where no folder is called so, two or more with such a word in their names are those
    /// parts, as <c>seg_train</c> and <c>seg_test</c>. A <c>train</c> with pictures of its own and no folders, beside others of that kind, is
    /// a class. Or a table (<c>.csv</c>, <c>.tsv</c>, <c>.txt</c>) with a picture a row: its path, which begins in the folder of
    /// the table, its class, and its part where there is a column for that.
    /// </summary>
    /// <param name="path">The folder, or the table.</param>
    /// <param name="split">How parts that have no folder are drawn, as <see cref="SplitOptions"/> say.</param>
    /// <param name="only">
    /// Those pictures alone, each by its path from the folder on with <c>/</c> between its names. Default: all.
    /// </param>
    /// <param name="columns">Of a table. Default: found by the usual names.</param>
    /// <param name="cancellationToken">Ends the reading of the pictures' bytes, which tell what is drawn.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="AlexNetException">
    /// A table cannot be read, its columns are not known, a row has no label or no file, or two rows give a picture two classes or parts. The
    /// folder is missing, has splits and classes beside them, or a split twice, splits but none to train on, fewer than
    /// two classes, an empty class to train on, pictures beside the class folders or a class with too few pictures for the split, validation
    /// or test have classes that train has not, or one of <paramref name="only"/> is not there.
    /// </exception>
    public static ImageFolder Open(
        string path,
        SplitOptions? split = null,
        IReadOnlySet<string>? only = null,
        TableColumns? columns = null,
        CancellationToken cancellationToken = default) =>
        OpenBesideOutputs(path, split, only, columns, OutputFolders.None, cancellationToken);

    /// <summary>The same, where what is written lies in the folder.</summary>
    internal static ImageFolder OpenBesideOutputs(
        string path,
        SplitOptions? split,
        IReadOnlySet<string>? only,
        TableColumns? columns,
        OutputFolders outputs,
        CancellationToken cancellationToken = default)
    {
        split ??= new SplitOptions();
        OptionFaults.RequireNone(split.ListFaults());
        var found = LabeledParts.Open(path, columns, outputs, mayLack: part => part is PartNames.Validation or PartNames.Test);
        var (root, parts) = (found.Root, found.Pictures);
        var train = parts.GetValueOrDefault("") ?? parts.GetValueOrDefault(PartNames.Train) ?? throw new AlexNetException(
            $"{found.Source} has the splits {string.Join(", ", parts.Keys)}, but none to train on. Name one that has a 'train'.");
        if (only is not null)
        {
            RequireThere(root, only, parts.Values.SelectMany(part => part).Select(picture => NameIn(root, picture.ImagePath)));
            RequireEveryClass(train, train = Kept(train));
        }

        RequireDrawn(PartNames.Validation, nameof(split.ValidationFraction), split.ValidationFraction);
        RequireDrawn(PartNames.Test, nameof(split.TestFraction), split.TestFraction);
        var (validation, test) = (Kept(parts.GetValueOrDefault(PartNames.Validation, [])), Kept(parts.GetValueOrDefault(PartNames.Test, [])));
        return Drawn(
            found, train, validation, test,
            split with
            {
                ValidationFraction = parts.ContainsKey(PartNames.Validation) ? 0 : split.ValidationFraction,
                TestFraction = parts.ContainsKey(PartNames.Test) ? 0 : split.TestFraction,
            },
            cancellationToken) with
        {
            EmptyClasses = found.EmptyClasses,
            OtherFiles = found.Others,
        };

        // A share that was asked for and would not be drawn.
        void RequireDrawn(string part, string option, double share)
        {
            if (share is not (0 or SplitOptions.DefaultFraction) && parts.ContainsKey(part))
            {
                throw new AlexNetException(
                    FormattableString.Invariant($"{option} is {share}, but '{path}' has its own pictures for it ({part}). Leave it out."))
                {
                    Option = option,
                };
            }
        }

        IReadOnlyList<LabeledImage> Kept(IReadOnlyList<LabeledImage> part) =>
            only is null ? part : [.. part.Where(picture => only.Contains(NameIn(root, picture.ImagePath)))];
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

    /// <summary>
    /// Opens what there is to test a model with: the test of a folder with splits, as <see cref="Open"/> knows them, else all of a
    /// folder with a folder a class. Nothing is drawn; <see cref="Train"/> and <see cref="Validation"/> are empty, <see cref="Classes"/>
    /// those of the test, one at least.
    /// </summary>
    /// <param name="path">The folder, or the table.</param>
    /// <param name="columns">Of a table. Default: found by the usual names.</param>
    /// <exception cref="AlexNetException">
    /// The folder is missing or not a folder, has splits but no test, or splits and classes beside them, no class folders, no pictures or
    /// some beside the class folders.
    /// </exception>
    public static ImageFolder OpenTest(string path, TableColumns? columns = null)
    {
        var found = LabeledParts.OpenTest(path, columns);
        var test = found.Pictures.GetValueOrDefault("") ?? found.Pictures[PartNames.Test];
        return new ImageFolder(found.Root, [.. test.Select(picture => picture.Label).Distinct()], [], [], test)
        {
            EmptyClasses = found.EmptyClasses,
            OtherFiles = found.Others,
        };
    }

    /// <summary>The pictures of a folder with a folder a class, without a split: by class, then by path.</summary>
    /// <exception cref="AlexNetException">
    /// The folder is missing or not a folder, has splits, no classes, an empty class or pictures beside the class folders.
    /// </exception>
    public static IReadOnlyList<LabeledImage> ListLabeled(string path)
    {
        var found = LabeledParts.Read(FolderLayout.Read(path, OutputFolders.None), mayLack: _ => false);
        return found.Pictures.TryGetValue("", out var pictures) ? pictures : throw new AlexNetException(
            $"The folder '{found.Root}' has the splits {string.Join(", ", found.Pictures.Keys)}. Name one of their folders, or open it as a whole.");
    }

    /// <summary>The pictures of a folder and all folders in it, whatever they are called, by path.</summary>
    /// <exception cref="AlexNetException">The folder is missing or not a folder, or has no pictures.</exception>
    public static IReadOnlyList<string> ListPictures(string path) => ListPictures(path, out _);

    /// <summary>The same, and what else is there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="others">Files that are left out, since they are no pictures by their names.</param>
    /// <exception cref="AlexNetException">The folder is missing or not a folder, or has no pictures.</exception>
    public static IReadOnlyList<string> ListPictures(string path, out OtherFiles others)
    {
        var files = ImageFiles.FindAll(ExistingFolder(path)).ToLookup(ImageFiles.IsPicture);
        others = OtherFiles.Collect(files[false]);
        return files[true].Any()
            ? [.. files[true]]
            : throw new AlexNetException($"The folder '{path}' has no pictures{LabeledParts.Instead(files[false])}. {ImageFiles.Looked}");
    }

    private static void RequireEveryClass(IReadOnlyList<LabeledImage> all, IReadOnlyList<LabeledImage> kept)
    {
        if (all.Select(picture => picture.Label).Except(kept.Select(picture => picture.Label)).FirstOrDefault() is { } empty)
        {
            throw new AlexNetException(
                $"The list has no picture of class '{empty}' to train on. Take some into it, or remove the folder of the class.");
        }
    }

    private static ImageFolder Drawn(
        LabeledParts found,
        IReadOnlyList<LabeledImage> train,
        IReadOnlyList<LabeledImage> validation,
        IReadOnlyList<LabeledImage> test,
        SplitOptions split,
        CancellationToken cancellationToken)
    {
        string[] classes = [.. train.Select(image => image.Label).Distinct()];
        if (classes.Length < 2)
        {
            throw new AlexNetException(
                $"{found.Source} has only the class '{classes[0]}'. A classifier needs at least two class "
                + "folders. If the classes are the folders in that one, name it.");
        }

        string[] unknown = [.. validation.Concat(test).Select(image => image.Label).Distinct().Except(classes)];
        if (unknown.Length > 0)
        {
            throw new AlexNetException(
                $"The validation or test of '{found.Root}' has classes that train/ has not: "
                + $"{string.Join(", ", unknown)}. Known: {string.Join(", ", classes)}.");
        }

        if (split is { ValidationFraction: 0, TestFraction: 0 })
            return new ImageFolder(found.Root, classes, train, validation, test);

        var drawn = StratifiedSplit.Draw(train, PictureContents.Read(train, cancellationToken), split);
        return new ImageFolder(
            found.Root, classes, drawn.Train, [.. validation, .. drawn.Validation], [.. test, .. drawn.Test]);
    }

    /// <summary>The full path of a folder.</summary>
    /// <exception cref="AlexNetException">There is none.</exception>
    internal static string ExistingFolder(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (File.Exists(path))
        {
            throw new AlexNetException($"'{path}' is a file. Name the folder that holds the pictures, or a table of paths and labels (.csv, .tsv, .txt).");
        }

        if (!Directory.Exists(path))
        {
            throw RawNames.FindFault(path) ?? new AlexNetException($"The folder '{path}' does not exist.");
        }

        return System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
    }
}
