namespace MlNetAlexNet.Images;

/// <summary>Labelled pictures by part as they are found, before any are drawn.</summary>
/// <param name="Root">Full path of the folder that their names begin in.</param>
/// <param name="Pictures">By part, as of <see cref="PartNames"/>, or <c>""</c> where there is no split; each by class, then by path.</param>
internal sealed record LabeledParts(string Root, IReadOnlyDictionary<string, IReadOnlyList<LabeledImage>> Pictures)
{
    /// <summary>Folders of classes without pictures, each from the root on, with <c>/</c> between names.</summary>
    public IReadOnlyList<string> EmptyClasses { get; init; } = [];

    public OtherFiles Others { get; init; } = OtherFiles.None;

    public bool IsSplit => !Pictures.ContainsKey("");

    /// <summary>Of a folder.</summary>
    /// <param name="layout">The folder.</param>
    /// <param name="mayLack">Whether a class of a part may have no pictures.</param>
    /// <exception cref="AlexNetException">A part has no class folders, pictures beside them, or empty ones; or no pictures at all.</exception>
    public static LabeledParts Read(FolderLayout layout, Func<string, bool> mayLack)
    {
        foreach (var part in layout.Parts)
            Require(part, mayLack(part.Name));

        return new LabeledParts(
            layout.Root,
            layout.Parts.ToDictionary(part => part.Name, part => (IReadOnlyList<LabeledImage>)[.. part.Classes.SelectMany(ListLabeled)]))
        {
            EmptyClasses =
            [
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
                $"The folder '{part.Folder}' has {part.Loose.Count} pictures beside its class folders, such as '{part.Loose[0]}'. "
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
