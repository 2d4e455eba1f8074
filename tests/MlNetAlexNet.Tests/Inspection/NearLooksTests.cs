using System.Diagnostics;
using System.Numerics;
using MlNetAlexNet.Inspection;

namespace MlNetAlexNet.Tests.Inspection;

[TestClass]
public sealed class NearLooksTests
{
    private const int Seed = 5;

    public required TestContext TestContext { get; set; }

    // Against all pairs.
    [TestMethod]
    public void Join_RandomLooksAndTheirCopies_JoinsThoseNearEachOther()
    {
        var random = new Random(Seed);
        var looks = new List<PictureLook>();
        for (var i = 0; i < 400; i++)
        {
            var look = RandomLook(random);
            looks.Add(look);
            for (var copy = random.Next(3); copy > 0; copy--)
                looks.Add(Flip(look, low: random.Next(12), high: random.Next(40), random));
        }

        var all = looks.ToArray();
        var pairs = new JoinedSets(all.Length);
        for (var i = 0; i < all.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                // Those that differ in more of the lowest are mostly found, too, but not promised.
                if (all[i].IsNear(all[j], PictureLook.MostSigns) && BitOperations.PopCount(all[i].Low ^ all[j].Low) <= 11)
                    pairs.Join(i, j);
            }
        }

        var expected = pairs.List().ToList();
        Assert.IsGreaterThan(100, expected.Count);
        CollectionAssert.AreEqual(
            expected.ConvertAll(set => string.Join(' ', set)),
            Join(all).Select(set => string.Join(' ', set)).ToList());
    }

    [TestMethod]
    public void Join_200000LooksWith1000Copies_FindsThemWithoutComparingAllPairs()
    {
        var random = new Random(Seed);
        var looks = Enumerable.Range(0, 200_000).Select(_ => RandomLook(random)).ToArray();
        for (var i = 0; i < 1000; i++)
            looks[199_999 - i] = Flip(looks[100 * i], low: 10, high: 30, random);
        GC.Collect();
        var (time, before) = (Stopwatch.StartNew(), GC.GetTotalAllocatedBytes());

        var sets = Join(looks);

        TestContext.WriteLine($"{time.Elapsed.TotalSeconds:0.0} s, {(GC.GetTotalAllocatedBytes() - before) >> 20} MiB allocated");
        Assert.HasCount(1000, sets);
        Assert.IsTrue(sets.All(set => set is [var one, var copy] && copy == 199_999 - (one / 100)));
    }

    // The frames of a film: all would be compared with all.
    [TestMethod]
    public void Join_20000LooksOfOneKind_IsOneSet()
    {
        var random = new Random(Seed);
        var first = RandomLook(random);
        var looks = Enumerable.Range(0, 20_000).Select(_ => Flip(first, low: 0, high: 20, random)).ToArray();

        Assert.HasCount(20_000, Join(looks).Single());
    }

    private List<int[]> Join(PictureLook[] looks)
    {
        var sets = new JoinedSets(looks.Length);
        NearLooks.Join(looks, Enumerable.Range(0, looks.Length), PictureLook.MostSigns, sets, TestContext.CancellationToken);
        return [.. sets.List()];
    }

    private static PictureLook RandomLook(Random random)
    {
        var look = default(PictureLook);
        for (var word = 0; word < 4; word++)
            look[word] = (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 32);
        for (var word = 4; word < 10; word++)
            look[word] = 0x8080808080808080;
        return look;
    }

    private static PictureLook Flip(PictureLook look, int low, int high, Random random)
    {
        int[] signs = [.. Enumerable.Range(0, 64)], others = [.. Enumerable.Range(64, 192)];
        random.Shuffle(signs);
        random.Shuffle(others);
        foreach (var sign in signs.Take(low).Concat(others.Take(high)))
            look[sign / 64] ^= 1UL << (sign % 64);
        return look;
    }
}
