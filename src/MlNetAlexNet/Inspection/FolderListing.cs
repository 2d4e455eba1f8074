using MlNetAlexNet.Images;

namespace MlNetAlexNet.Inspection;

/// <summary>A picture of a folder, before it is decoded.</summary>
/// <param name="Path">From the folder on, with <c>/</c> between names.</param>
/// <param name="Part">Number of its part.</param>
/// <param name="Label">Its class.</param>
internal readonly record struct ListedPicture(string Path, int Part, string Label);

/// <summary>The files of a folder by part and class, as training finds them: hidden ones are not there.</summary>
/// <param name="Root">Full path of the folder.</param>
/// <param name="Parts">The names of the parts.</param>
/// <param name="Classes">The classes of all parts, in ordinal order.</param>
/// <param name="ClassFolders">Their folders.</param>
/// <param name="Pictures">By part, class and path.</param>
/// <param name="BesideClasses">Pictures without a class.</param>
/// <param name="NotTaken">Files of classes whose names are no pictures'.</param>
internal sealed record FolderListing(
    string Root,
    IReadOnlyList<string> Parts,
    IReadOnlyList<string> Classes,
    IReadOnlyList<string> ClassFolders,
    IReadOnlyList<ListedPicture> Pictures,
    IReadOnlyList<string> BesideClasses,
    IReadOnlyList<string> NotTaken)
{
    /// <exception cref="AlexNetException">
    /// There is no such folder, it has no classes, cannot be read, or has not what <paramref name="only"/> names.
    /// </exception>
    public static FolderListing Read(string path, IReadOnlySet<string>? only, TableColumns? columns)
    {
        if (columns is not null || ImageTable.IsTable(path))
            return OfTable(LabeledParts.Open(path, columns, OutputFolders.None, _ => true), only);

        var (root, parts, _) = FolderLayout.Read(path, OutputFolders.None);
        foreach (var part in parts)
            LabeledParts.RequireClasses(part);

        var folders = parts.SelectMany((part, number) => part.Classes.Select(folder => (number, folder))).ToList();
        var pictures = folders.SelectMany(at => at.folder.Pictures.Select(file => new ListedPicture(Name(file), at.number, at.folder.Name)));
        return new FolderListing(
            root,
            [.. parts.Select(part => part.Name)],
            [.. folders.Select(at => at.folder.Name).Distinct().Order(StringComparer.Ordinal)],
            [.. folders.Select(at => Name(at.folder.Path))],
            Chosen(root, pictures, only),
            [.. parts.SelectMany(part => part.Loose).Select(Name)],
            only is null ? [.. folders.SelectMany(at => at.folder.Others).Select(Name)] : []);

        string Name(string file) => ImageFolder.NameIn(root, file);
    }

    private static FolderListing OfTable(LabeledParts table, IReadOnlySet<string>? only)
    {
        string[] parts = [.. PartNames.InOrder.Where(table.Pictures.ContainsKey)];
        var pictures = parts.SelectMany((part, number) => table.Pictures[part].Select(
            picture => new ListedPicture(ImageFolder.NameIn(table.Root, picture.ImagePath), number, picture.Label)));
        string[] classes = [.. table.Pictures.Values.SelectMany(part => part).Select(picture => picture.Label).Distinct().Order(StringComparer.Ordinal)];
        return new FolderListing(table.Root, parts, classes, classes, Chosen(table.Root, pictures, only), [], []);
    }

    private static List<ListedPicture> Chosen(string root, IEnumerable<ListedPicture> pictures, IReadOnlySet<string>? only)
    {
        var all = pictures.ToList();
        if (only is null)
            return all;

        ImageFolder.RequireThere(root, only, all.Select(picture => picture.Path));
        return [.. all.Where(picture => only.Contains(picture.Path))];
    }
}
