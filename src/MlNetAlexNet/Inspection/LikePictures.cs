namespace MlNetAlexNet.Inspection;

/// <summary>Pictures that are copies of one, by what is known of each. A row is a picture.</summary>
/// <param name="Rows">Two of them or more, rising.</param>
/// <param name="Likeness">That of the two that are the least alike.</param>
internal sealed record LikePictures(IReadOnlyList<int> Rows, Likeness Likeness)
{
    /// <summary>Finds them.</summary>
    /// <param name="prints">Of each picture.</param>
    /// <param name="mostSigns">As <see cref="PictureLook.MostSigns"/>; 0 for none but the same.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static IReadOnlyList<LikePictures> Find(PicturePrints prints, int mostSigns, CancellationToken cancellationToken)
    {
        var sets = new JoinedSets(prints.Count);
        var decoded = Enumerable.Range(0, prints.Count).Where(prints.IsDecoded).ToList();
        var distinct = JoinSame(prints.Pixels, JoinSame(prints.Files, decoded, sets), sets);
        if (mostSigns > 0)
            NearLooks.Join(prints.Looks, distinct.Where(row => prints.Looks[row].IsKnown), mostSigns, sets, cancellationToken);

        return [.. sets.List().Select(rows => new LikePictures(rows, Compare(rows, prints)))];
    }

    // What is left are the first of each kind.
    private static List<int> JoinSame(ulong[] values, List<int> rows, JoinedSets sets)
    {
        var firsts = new Dictionary<ulong, int>();
        return [.. rows.Where(row =>
        {
            if (firsts.TryAdd(values[row], row))
                return true;

            sets.Join(firsts[values[row]], row);
            return false;
        })];
    }

    private static Likeness Compare(int[] rows, PicturePrints prints)
    {
        return AreSame(prints.Files) ? Likeness.SameFile : AreSame(prints.Pixels) ? Likeness.SamePixels : Likeness.Near;

        bool AreSame(ulong[] values) => rows.All(row => values[row] == values[rows[0]]);
    }
}
