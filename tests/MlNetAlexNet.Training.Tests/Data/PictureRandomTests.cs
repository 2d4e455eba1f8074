using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Training.Tests.Data;

[TestClass]
public sealed class PictureRandomTests
{
    // Of Vigna's splitmix64.c; those of 1234567 are the ones Rosetta Code asks for.
    [TestMethod]
    [DataRow(0UL, 16294208416658607535UL, 7960286522194355700UL, 487617019471545679UL)]
    [DataRow(1234567UL, 6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL)]
    public void NextBits_OfASeed_AreThePublishedOnes(ulong seed, params ulong[] expected)
    {
        var random = new PictureRandom(seed);
        CollectionAssert.AreEqual(expected, expected.Select(_ => random.NextBits()).ToArray());
    }

    // 2^64 times 0.350, 0.174, 0.532, 0.249, 0.890.
    [TestMethod]
    public void Draws_OfASeed_AreItsBitsAsPartsOfTheWhole()
    {
        var (numbers, fractions, coins) =
            (new PictureRandom(1234567), new PictureRandom(1234567), new PictureRandom(1234567));

        CollectionAssert.AreEqual(
            new[] { 10, 5, 15, 7, 26 }, Enumerable.Range(0, 5).Select(_ => numbers.Next(30)).ToArray());
        CollectionAssert.AreEqual(
            new[] { 0.350, 0.174, 0.532, 0.249, 0.890 },
            Enumerable.Range(0, 5).Select(_ => Math.Round(fractions.NextDouble(), 3)).ToArray());
        CollectionAssert.AreEqual(
            new[] { false, false, true, false, true }, Enumerable.Range(0, 5).Select(_ => coins.NextBool()).ToArray());
    }

    [TestMethod]
    public void PictureRandom_SeedEpochAndPicture_EachMakeAnotherAndEqualOnesTheSame()
    {
        int[] parts = [int.MinValue, -1, 0, 1, 2, 3, int.MaxValue];
        var all = (from seed in parts
                   from epoch in parts
                   from picture in parts
                   select new PictureRandom(seed, epoch, picture).NextBits()).ToList();

        Assert.AreEqual(parts.Length * parts.Length * parts.Length, all.Distinct().Count());
        Assert.AreEqual(all[^1], new PictureRandom(int.MaxValue, int.MaxValue, int.MaxValue).NextBits());
    }

    // What is drawn of pictures in a row, and of one picture in epochs in a row, must not go together.
    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(1, 0)]
    public void Next_NeighboursInPairs_FallEverywhereAlike(int nextEpoch, int nextPicture)
    {
        const int Side = 10;
        const int Draws = 100_000;
        var hits = new int[Side, Side];
        for (var i = 0; i < Draws; i++)
        {
            var (one, next) = (
                new PictureRandom(1, i * nextEpoch, i * nextPicture),
                new PictureRandom(1, (i + 1) * nextEpoch, (i + 1) * nextPicture));
            hits[one.Next(Side), next.Next(Side)]++;
        }

        const double Expected = (double)Draws / Side / Side;
        var chiSquared = hits.Cast<int>().Sum(count => Math.Pow(count - Expected, 2) / Expected);
        Assert.IsLessThan(150, chiSquared, "99 degrees of freedom: above 150 in one of 1,300 cases");
    }
}
