namespace MlNetAlexNet.Inspection;

/// <summary>What the names of files and classes mean.</summary>
internal static class NameFindings
{
    /// <summary>Names that differ in case only, files beside the classes, and files that are left out.</summary>
    public static IEnumerable<Finding> List(FolderListing listing) =>
    [
        .. listing.ClassFolders.GroupBy(Path.GetFileName, StringComparer.OrdinalIgnoreCase)
            .Where(folders => folders.Select(Path.GetFileName).Distinct().Skip(1).Any())
            .Select(folders => new Finding(FindingKind.CaseOnly, [.. folders.Order(StringComparer.Ordinal)])),
        .. listing.Pictures.Select(picture => picture.Path)
            .GroupBy(path => $"{Path.GetDirectoryName(path)}/{Path.GetFileName(path).ToUpperInvariant()}", StringComparer.Ordinal)
            .Where(paths => paths.Skip(1).Any())
            .Select(paths => new Finding(FindingKind.CaseOnly, [.. paths.Order(StringComparer.Ordinal)])),
        .. listing.BesideClasses.Select(path => new Finding(FindingKind.BesideClasses, [path])),
        .. listing.NotTaken.Select(path => new Finding(FindingKind.NotTaken, [path])),
    ];
}
