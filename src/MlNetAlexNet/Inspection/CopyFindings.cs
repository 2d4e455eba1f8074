namespace MlNetAlexNet.Inspection;

/// <summary>What copies of one picture mean: by the classes and parts they are in.</summary>
internal static class CopyFindings
{
    /// <summary>A finding for copies.</summary>
    /// <param name="copies">Rows of the pictures.</param>
    /// <param name="pictures">All pictures.</param>
    public static Finding Describe(LikePictures copies, IReadOnlyList<ListedPicture> pictures) => new(
        KindOf(copies, pictures), [.. copies.Rows.Select(row => pictures[row].Path).Order(StringComparer.Ordinal)])
    {
        Likeness = copies.Likeness,
    };

    /// <summary>
    /// Those of the copies to go on without: all where their classes differ; where their parts do, all but those of the last
    /// part; of those that are the same decoded, all but the first by its path.
    /// </summary>
    public static IEnumerable<int> ListSurplus(LikePictures copies, IReadOnlyList<ListedPicture> pictures, PicturePrints prints)
    {
        if (KindOf(copies, pictures) == FindingKind.LabelConflict)
            return copies.Rows;

        var last = copies.Rows.Max(row => pictures[row].Part);
        var kept = copies.Rows.Where(row => pictures[row].Part == last)
            .GroupBy(row => prints.Pixels[row])
            .Select(same => same.MinBy(row => pictures[row].Path, StringComparer.Ordinal));
        return copies.Rows.Except(kept);
    }

    private static FindingKind KindOf(LikePictures copies, IReadOnlyList<ListedPicture> pictures)
    {
        return HasSeveral(picture => picture.Label) ? FindingKind.LabelConflict
            : HasSeveral(picture => picture.Part) ? FindingKind.Leakage
            : FindingKind.Duplicate;

        bool HasSeveral<T>(Func<ListedPicture, T> value) => copies.Rows.Select(row => value(pictures[row])).Distinct().Skip(1).Any();
    }
}
