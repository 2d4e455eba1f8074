using MlNetAlexNet.Images;
using MlNetAlexNet.Inspection;

namespace MlNetAlexNet.Training.Runs;

/// <summary>
/// What <see cref="FolderInspection"/> finds that costs next to nothing where the pictures are decoded anyway: copies across classes and
/// parts, classes that a part has not, and an imbalance. Copies are told by the squares that are trained on.
/// </summary>
internal static class PictureDoubts
{
    /// <summary>Lists them; nothing where there are no classes.</summary>
    /// <param name="folder">The pictures by part.</param>
    /// <param name="rowOf">The row of a picture in what follows.</param>
    /// <param name="hashes">Of the decoded squares.</param>
    /// <param name="looks">What they look like.</param>
    /// <param name="cancel">Ends the search.</param>
    public static IReadOnlyList<Finding> List(
        ImageFolder folder, Func<LabeledImage, int> rowOf, IReadOnlyList<ulong> hashes, PictureLook[] looks, CancellationToken cancel)
    {
        if (folder.Classes.Count == 0)
            return [];

        (string Name, IReadOnlyList<LabeledImage> Pictures)[] parts =
            [(PartNames.Train, folder.Train), (PartNames.Validation, folder.Validation), (PartNames.Test, folder.Test)];
        parts = [.. parts.Where(part => part.Pictures.Count > 0)];
        var pictures = parts.SelectMany((part, number) => part.Pictures.Select(picture => (Row: rowOf(picture), Listed: new ListedPicture(
            ImageFolder.NameIn(folder.Path, picture.ImagePath), number, picture.Label)))).ToList();
        var listed = pictures.ConvertAll(picture => picture.Listed);
        var prints = PicturePrints.OfSquares(
            pictures.ConvertAll(picture => hashes[picture.Row]), [.. pictures.Select(picture => looks[picture.Row])]);
        var counts = listed.CountBy(picture => (picture.Part, picture.Label)).ToDictionary();
        return
        [
            .. LikePictures.Find(prints, PictureLook.MostSigns, cancel)
                .Select(copies => CopyFindings.Describe(copies, listed))
                .Where(finding => finding.IsError)
                .Concat(ClassFindings.List([.. parts.Select((part, number) => new PartCount(
                    part.Name, [.. folder.Classes.Select(name => new ClassCount(name, counts.GetValueOrDefault((number, name))))]))]))
                .OrderBy(finding => finding.Kind).ThenBy(finding => finding.Paths[0], StringComparer.Ordinal),
        ];
    }
}
