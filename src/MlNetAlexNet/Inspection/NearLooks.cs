using System.Numerics;

namespace MlNetAlexNet.Inspection;

/// <summary>
/// Finds looks that are near each other without comparing all pairs: multi-index hashing (Norouzi, Punjani and Fleet 2012,
/// "Fast Search in Hamming Space with Multi-Index Hashing"). The lowest 64 signs are cut into four bands of 16. Looks that
/// differ in at most 11 of them differ in at most two of at least one band, and are found in that band's table, where two
/// signs or fewer changed make 137 places; most of those that differ in up to 16 are found, too. Memory: 40 bytes a look.
/// </summary>
internal static class NearLooks
{
    private const int Bands = 4;
    private const int BandBits = 16;
    private const int Places = 1 << BandBits;

    // Of 64, for those alone to be compared whole that can be near: of photographs cut by 2% at every border none differed in more than 14.
    private const int MostOfLow = 16;

    // Of looks with the same 64 signs that are copies of one another so many are searched from; frames of a film would
    // otherwise be compared all with all.
    private const int MostOfOneKind = 64;

    private static readonly int[] s_changes =
    [
        0,
        .. from i in Enumerable.Range(0, BandBits) select 1 << i,
        .. from i in Enumerable.Range(0, BandBits) from j in Enumerable.Range(0, i) select (1 << i) | (1 << j),
    ];

    /// <summary>Joins those that are near.</summary>
    /// <param name="looks">Of all pictures.</param>
    /// <param name="rows">Those of them that are compared.</param>
    /// <param name="mostSigns">As <see cref="PictureLook.MostSigns"/>.</param>
    /// <param name="sets">Which pictures are of one kind.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static void Join(
        PictureLook[] looks, IEnumerable<int> rows, int mostSigns, JoinedSets sets, CancellationToken cancellationToken)
    {
        var searched = JoinSameLow(looks, rows, mostSigns, sets);
        var options = new ParallelOptions { CancellationToken = cancellationToken };
        for (var band = 0; band < Bands; band++)
        {
            var shift = BandBits * band;
            var (places, ends) = Sort(looks, searched, shift);
            ParallelFaults.Unwrap(() => Parallel.For(0, places.Length, options, at =>
            {
                var (low, row) = places[at];
                foreach (var change in s_changes)
                {
                    var place = PlaceOf(low, shift) ^ change;
                    for (var other = Math.Max(at + 1, place == 0 ? 0 : ends[place - 1]); other < ends[place]; other++)
                    {
                        if (BitOperations.PopCount(low ^ places[other].Low) <= MostOfLow
                            && looks[row].IsNear(looks[places[other].Row], mostSigns))
                        {
                            sets.Join(row, places[other].Row);
                        }
                    }
                }
            }));
        }
    }

    private static int PlaceOf(ulong low, int shift) => (int)(low >> shift) & (Places - 1);

    // By place, and where each place ends.
    private static ((ulong Low, int Row)[] Places, int[] Ends) Sort(PictureLook[] looks, List<int> rows, int shift)
    {
        var ends = new int[Places];
        foreach (var row in rows)
            ends[PlaceOf(looks[row].Low, shift)]++;
        for (var place = 1; place < Places; place++)
            ends[place] += ends[place - 1];

        var next = ends.ToArray();
        var sorted = new (ulong, int)[rows.Count];
        foreach (var row in rows)
            sorted[--next[PlaceOf(looks[row].Low, shift)]] = (looks[row].Low, row);
        return (sorted, ends);
    }

    private static List<int> JoinSameLow(PictureLook[] looks, IEnumerable<int> rows, int mostSigns, JoinedSets sets)
    {
        var searched = new List<int>();
        foreach (var same in rows.OrderBy(row => looks[row].Low).ThenBy(row => row).ChunkBy(row => looks[row].Low))
        {
            var kind = new List<int>();
            foreach (var row in same)
            {
                var near = kind.FindIndex(other => looks[row].IsNear(looks[other], mostSigns));
                if (near >= 0)
                    sets.Join(row, kind[near]);
                if (near < 0 || kind.Count < MostOfOneKind)
                    kind.Add(row);
            }

            searched.AddRange(kind);
        }

        return searched;
    }

    private static IEnumerable<List<int>> ChunkBy(this IEnumerable<int> rows, Func<int, ulong> key)
    {
        var chunk = new List<int>();
        foreach (var row in rows)
        {
            if (chunk.Count > 0 && key(chunk[0]) != key(row))
            {
                yield return chunk;
                chunk = [];
            }

            chunk.Add(row);
        }

        if (chunk.Count > 0)
            yield return chunk;
    }
}
