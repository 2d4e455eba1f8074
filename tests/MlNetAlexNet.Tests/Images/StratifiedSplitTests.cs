using MlNetAlexNet.Images;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class StratifiedSplitTests
{
    // 7 x (0.5, 0.3, 0.2) = 3.5, 2.1, 1.4: 3 + 2 + 1, the seventh to the largest remainder, 0.5.
    [TestMethod]
    [DataRow(7, 0.3, 0.2, 4, 2, 1)]
    [DataRow(10, 0.1, 0.1, 8, 1, 1)]
    [DataRow(3, 0.1, 0.1, 1, 1, 1)]
    [DataRow(5, 0.45, 0.45, 1, 2, 2)]
    [DataRow(2, 0, 0.1, 1, 0, 1)]
    [DataRow(1, 0, 0, 1, 0, 0)]
    [DataRow(29, 0.7, 0.0, 9, 20, 0)]
    public void Counts_HandArithmetic_Agrees(
        int total, double validation, double test, int trainCount, int validationCount, int testCount) =>
        CollectionAssert.AreEqual(
            (int[])[trainCount, validationCount, testCount],
            StratifiedSplit.CountParts(total, [1 - validation - test, validation, test]));

    [TestMethod]
    public void Draw_RandomSets_AreDisjointCompleteAndStratified()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        for (var round = 0; round < 200; round++)
        {
            var images = Images([.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => random.Next(3, 60))]);
            var split = new SplitOptions
            {
                ValidationFraction = random.Next(0, 5) / 10.0,
                TestFraction = random.Next(0, 5) / 10.0,
                Seed = random.Next(),
            };
            var parts = StratifiedSplit.Draw(images, split);
            var where = $"Seed {Seed}, round {round}, {split}";

            LabeledImage[] all = [.. parts.Train, .. parts.Validation, .. parts.Test];
            CollectionAssert.AreEquivalent(images, all, where);
            AssertShare(1 - split.ValidationFraction - split.TestFraction, parts.Train, images, where);
            AssertShare(split.ValidationFraction, parts.Validation, images, where);
            AssertShare(split.TestFraction, parts.Test, images, where);
        }
    }

    [TestMethod]
    public void Draw_SameSeed_GivesTheSamePartsInTheOrderGiven()
    {
        var images = Images(50, 50);
        var first = StratifiedSplit.Draw(images, new SplitOptions { Seed = 5 });
        var second = StratifiedSplit.Draw(images, new SplitOptions { Seed = 5 });

        CollectionAssert.AreEqual(first.Test.ToArray(), second.Test.ToArray());
        CollectionAssert.AreEqual(images.Intersect(first.Train).ToArray(), first.Train.ToArray());
    }

    [TestMethod]
    public void Draw_OtherSeed_GivesOtherParts()
    {
        var images = Images(50, 50);
        var first = StratifiedSplit.Draw(images, new SplitOptions { Seed = 5 });
        var second = StratifiedSplit.Draw(images, new SplitOptions { Seed = 6 });

        CollectionAssert.AreNotEqual(first.Test.ToArray(), second.Test.ToArray());
        CollectionAssert.AreNotEqual(first.Validation.ToArray(), second.Validation.ToArray());
    }

    // The draw is part of what a seed promises: a change here changes everyone's test sets.
    [TestMethod]
    public void Draw_Seed1_IsPinned()
    {
        var parts = StratifiedSplit.Draw(Images(10, 10), new SplitOptions());

        var drawn = parts.Validation.Concat(parts.Test).Select(image => image.ImagePath);
        Assert.AreEqual("0/3 1/5 0/7 1/4", string.Join(" ", drawn));
    }

    [TestMethod]
    public void Draw_TooFewPictures_NamesEveryClassAndTheCountNeeded()
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(
            () => StratifiedSplit.Draw(Images(2, 9, 1), new SplitOptions()));

        Assert.Contains("'class0' has 2, 'class2' has 1; each class needs at least 3", fault.Message);
        fault = Assert.ThrowsExactly<AlexNetException>(
            () => StratifiedSplit.Draw(Images(2, 9, 1), new SplitOptions { TestFraction = 0 }));
        Assert.Contains(": 'class2' has 1; each class needs at least 2", fault.Message);
    }

    private static LabeledImage[] Images(params int[] counts) =>
    [
        .. counts.SelectMany((count, label) => Enumerable.Range(0, count)
            .Select(i => new LabeledImage { ImagePath = $"{label}/{i}", Label = $"class{label}" })),
    ];

    // Within one picture of the exact share, or two where a part was given its one picture from a neighbour.
    private static void AssertShare(double fraction, IReadOnlyList<LabeledImage> part, LabeledImage[] all, string where)
    {
        foreach (var pictures in all.GroupBy(image => image.Label))
        {
            var count = part.Count(image => image.Label == pictures.Key);
            Assert.AreEqual(fraction > 0.001, count > 0, where);
            Assert.IsLessThan(2.0 + 1e-9, Math.Abs(count - (pictures.Count() * fraction)), where);
        }
    }
}
