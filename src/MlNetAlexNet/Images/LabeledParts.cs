namespace MlNetAlexNet.Images;

/// <summary>Labelled pictures by part as they are found, before any are drawn.</summary>
/// <param name="Source">What errors call it: <c>The folder 'x'</c>.</param>
/// <param name="Root">Full path of the folder that their names begin in.</param>
/// <param name="Pictures">By part, as of <see cref="PartNames"/>, or <c>""</c> where there is no split; each by class, then by path.</param>
internal sealed record LabeledParts(string Source, string Root, IReadOnlyDictionary<string, IReadOnlyList<LabeledImage>> Pictures)
{
    /// <summary>Folders of parts and classes without pictures, each from the root on, with <c>/</c> between names.</summary>
    public IReadOnlyList<string> EmptyClasses { get; init; } = [];

    public OtherFiles Others { get; init; } = OtherFiles.None;

    /// <summary>Of a folder or a table.</summary>
    /// <param name="path">Of it.</param>
    /// <param name="columns">Of a table; null for the usual ones.</param>
    /// <param name="outputs">Folders that are no classes.</param>
    /// <param name="mayLack">Whether a class of a part may have no pictures.</param>
    /// <exception cref="AlexNetException">It cannot be used.</exception>
    public static LabeledParts Open(string path, TableColumns? columns, OutputFolders outputs, Func<string, bool> mayLack)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (ImageTable.IsTable(path))
            return ImageTable.Read(path, columns ?? new TableColumns());

        if (columns is null)
            return Read(FolderLayout.Read(path, outputs), mayLack);

        throw Path.Exists(path)
            ? new AlexNetException($"'{path}' is no table (.csv, .tsv, .txt), and has no columns to name. Leave them out.")
            : RawNames.FindFault(path) ?? new AlexNetException($"The table '{path}' does not exist.");
    }

    /// <summary>The test alone, or all where there is no split; a class of it may have no pictures.</summary>
    /// <param name="path">Of a folder or a table.</param>
    /// <param name="columns">Of a table; null for the usual ones.</param>
    /// <exception cref="AlexNetException">It cannot be used, or has splits but no test.</exception>
    public static LabeledParts OpenTest(string path, TableColumns? columns)
    {
        if (columns is not null || ImageTable.IsTable(path))
        {
            var table = Open(path, columns, OutputFolders.None, _ => true);
            return table.Pictures.Keys.Any(IsTest) ? table : throw NoTest(
                table.Source, table.Pictures.Keys, "Give rows of it the part 'test', or name a table without parts");
        }

        var layout = FolderLayout.Read(path, OutputFolders.None);
        return layout.Parts.FirstOrDefault(part => IsTest(part.Name)) is { } test
            ? Read(layout with { Parts = [test] }, _ => true)
            : throw NoTest($"The folder '{layout.Root}'", layout.Parts.Select(part => part.Name), "Name the folder of one of them");

        static bool IsTest(string part) => part is "" or PartNames.Test;

        static AlexNetException NoTest(string source, IEnumerable<string> parts, string advice) => new(
            $"{source} has the splits {string.Join(", ", parts)}, but none to test with. {advice}.");
    }

    /// <summary>The names of its parts, whatever is in them.</summary>
    /// <param name="path">Of a folder or a table.</param>
    /// <param name="columns">Of a table; null for the usual ones.</param>
    /// <exception cref="AlexNetException">It cannot be used.</exception>
    public static IReadOnlyList<string> ListParts(string path, TableColumns? columns) =>
        columns is not null || ImageTable.IsTable(path)
            ? [.. Open(path, columns, OutputFolders.None, _ => true).Pictures.Keys]
            : [.. FolderLayout.Read(path, OutputFolders.None).Parts.Select(part => part.Name)];

    /// <summary>Of a folder.</summary>
    /// <param name="layout">The folder.</param>
    /// <param name="mayLack">Whether a class of a part may have no pictures.</param>
    /// <exception cref="AlexNetException">A part has no class folders, pictures beside them, or empty ones; or no pictures at all.</exception>
    public static LabeledParts Read(FolderLayout layout, Func<string, bool> mayLack)
    {
        foreach (var part in layout.Parts)
            Require(part, mayLack(part.Name));

        return new LabeledParts(
            $"The folder '{layout.Root}'",
            layout.Root,
            layout.Parts.ToDictionary(part => part.Name, part => (IReadOnlyList<LabeledImage>)[.. part.Classes.SelectMany(ListLabeled)]))
        {
            EmptyClasses =
            [
                .. layout.Empty.Select(folder => ImageFolder.NameIn(layout.Root, folder)),
                .. layout.Parts.SelectMany(part => part.Classes).Where(folder => folder.Pictures.Count == 0)
                    .Select(folder => ImageFolder.NameIn(layout.Root, folder.Path)),
            ],
            Others = OtherFiles.Collect(layout.Parts.SelectMany(part => part.Classes).SelectMany(folder => folder.Others)),
        };
    }

    private static IEnumerable<LabeledImage> ListLabeled(ClassFolder folder) =>
        folder.Pictures.Select(picture => new LabeledImage { ImagePath = picture, Label = folder.Name });

    private static void Require(FolderPart part, bool mayLack)
    {
        RequireClasses(part);
        if (part.Loose.Count > 0)
        {
            throw new AlexNetException(
                $"The folder '{System.IO.Path.GetDirectoryName(part.Loose[0])}' has {part.Loose.Count} pictures beside its class folders, such as '{part.Loose[0]}'. "
                + "Move each into the folder of its class, or away.");
        }

        var empty = part.Classes.Where(folder => folder.Pictures.Count == 0).ToList();
        if (empty.Count == 0 || (mayLack && empty.Count < part.Classes.Count))
            return;

        throw new AlexNetException(
            $"The class folder '{empty[0].Path}' has no pictures{Instead(empty[0].Others)}. {ImageFiles.Looked} Add some or remove the folder.");
    }

    /// <exception cref="AlexNetException">The part has no class folders.</exception>
    internal static void RequireClasses(FolderPart part)
    {
        if (part.Classes.Count == 0)
        {
            throw new AlexNetException(
                $"The folder '{part.Folder}' has no class folders. Put the pictures of each class in a folder named after it: "
                + $"'{System.IO.Path.Combine(part.Folder, "cat", "1.jpg")}'.");
        }
    }

    /// <summary>What is there in place of pictures.</summary>
    internal static string Instead(IEnumerable<string> others) =>
        OtherFiles.Collect(others) is { Count: > 0 } found ? $", but {found}" : "";
}
