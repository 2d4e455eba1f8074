using System.Globalization;
using System.Text;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class StratifiedSplitTests
{
    // The place is the oracle: below 0.2 the test, below 0.5 the validation. Classes of 300 have each.
    [TestMethod]
    public void Draw_ManyPictures_GoByTheirPlaceAlone()
    {
        var images = Images(300, 300);
        var contents = Contents(images);
        var parts = StratifiedSplit.Draw(images, contents, new SplitOptions { ValidationFraction = 0.3, TestFraction = 0.2, Seed = 7 });

        for (var i = 0; i < images.Length; i++)
        {
            var part = StratifiedSplit.PlaceOf(contents[i].Value, 7) switch { < 0.2 => parts.Test, < 0.5 => parts.Validation, _ => parts.Train };
            CollectionAssert.Contains(part.ToArray(), images[i]);
        }
    }

    // Four deviations of a binomial count.
    [TestMethod]
    [DataRow(0.1, 0.1)]
    [DataRow(0.3, 0.2)]
    [DataRow(0, 0.5)]
    public void Draw_ManyPictures_HasEachShareOnAverage(double validation, double test)
    {
        const int Pictures = 20_000;
        var images = Images(Pictures);
        for (var seed = 0; seed < 5; seed++)
        {
            var parts = StratifiedSplit.Draw(
                images, Contents(images), new SplitOptions { ValidationFraction = validation, TestFraction = test, Seed = seed });
            foreach (var (share, part) in new[] { (validation, parts.Validation), (test, parts.Test), (1 - validation - test, parts.Train) })
            {
                Assert.IsLessThanOrEqualTo(
                    4 * Math.Sqrt(Pictures * share * (1 - share)), Math.Abs(part.Count - (Pictures * share)), $"{seed}: {share}");
            }
        }
    }

    [TestMethod]
    public void Draw_RandomSets_AreDisjointCompleteAndInEveryPart()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        for (var round = 0; round < 300; round++)
        {
            var images = Images([.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => random.Next(3, 40))]);
            var split = new SplitOptions
            {
                ValidationFraction = random.Next(0, 5) / 10.0, TestFraction = random.Next(0, 5) / 10.0, Seed = random.Next(),
            };
            var parts = StratifiedSplit.Draw(images, Contents(images), split);
            var where = $"Seed {Seed}, round {round}, {split}";

            CollectionAssert.AreEquivalent(images, (LabeledImage[])[.. parts.Train, .. parts.Validation, .. parts.Test], where);
            foreach (var label in images.Select(image => image.Label).Distinct())
            {
                Assert.Contains(image => image.Label == label, parts.Train, where);
                Assert.AreEqual(split.ValidationFraction > 0, parts.Validation.Any(image => image.Label == label), where);
                Assert.AreEqual(split.TestFraction > 0, parts.Test.Any(image => image.Label == label), where);
            }
        }
    }

    [TestMethod]
    public void Draw_PicturesAdded_MovesNone()
    {
        var all = Images(200, 150);
        var some = all.Where((_, i) => i % 3 > 0).ToArray();
        for (var seed = 0; seed < 20; seed++)
        {
            var (before, after) = (Sides(some, seed), Sides(all, seed));
            foreach (var image in some)
                Assert.AreEqual(before[image], after[image], $"{seed}");
        }
    }

    // Where classes are so small that parts borrow, those go back; but what was trained on is held out for nothing.
    [TestMethod]
    public void Draw_PicturesAddedToSmallClasses_HoldsOutNoneThatWasTrainedOn()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var all = Images(8 + (seed % 20), 8 + (seed % 7));
            var some = all.Where((_, i) => i % 2 == 0).ToArray();
            var few = some.CountBy(image => image.Label).ToDictionary();
            var (before, after) = (Sides(some, seed), Sides(all, seed));
            foreach (var image in some.Where(image => before[image] == 0 && few[image.Label] > 3))
                Assert.AreEqual(0, after[image], $"{seed}");
        }
    }

    [TestMethod]
    public void Draw_OtherValidationShare_LeavesTheTest()
    {
        var images = Images(200);
        var first = StratifiedSplit.Draw(images, Contents(images), new SplitOptions { ValidationFraction = 0 });
        var second = StratifiedSplit.Draw(images, Contents(images), new SplitOptions { ValidationFraction = 0.4 });

        CollectionAssert.AreEqual(first.Test.ToArray(), second.Test.ToArray());
    }

    [TestMethod]
    public void Draw_OtherSeed_GivesOtherParts()
    {
        var images = Images(50, 50);
        var first = StratifiedSplit.Draw(images, Contents(images), new SplitOptions { Seed = 5 });
        var second = StratifiedSplit.Draw(images, Contents(images), new SplitOptions { Seed = 6 });

        CollectionAssert.AreNotEqual(first.Test.ToArray(), second.Test.ToArray());
        CollectionAssert.AreNotEqual(first.Validation.ToArray(), second.Validation.ToArray());
        CollectionAssert.AreEqual(images.Intersect(first.Train).ToArray(), first.Train.ToArray()); // in their order
    }

    // The draw is part of what a seed promises: a change here changes everyone's test sets.
    [TestMethod]
    public void PlaceOf_Seed1_IsPinned() =>
        Assert.AreEqual("0.6184 0.5211 0.0904 0.4674", string.Join(" ", Enumerable.Range(0, 4).Select(
            i => StratifiedSplit.PlaceOf((ulong)i, 1).ToString("0.0000", CultureInfo.InvariantCulture))));

    [TestMethod]
    public void Draw_TooFewPictures_NamesEveryClassAndTheCountNeeded()
    {
        var images = Images(2, 9, 1);
        var fault = Assert.ThrowsExactly<AlexNetException>(() => StratifiedSplit.Draw(images, Contents(images), new SplitOptions()));

        Assert.Contains("'class0' has 2, 'class2' has 1; each class needs at least 3", fault.Message);
        fault = Assert.ThrowsExactly<AlexNetException>(
            () => StratifiedSplit.Draw(images, Contents(images), new SplitOptions { TestFraction = 0 }));
        Assert.Contains(": 'class2' has 1; each class needs at least 2", fault.Message);
    }

    private static LabeledImage[] Images(params int[] counts) =>
    [
        .. counts.SelectMany((count, label) => Enumerable.Range(0, count)
            .Select(i => new LabeledImage { ImagePath = $"{label}/{i}", Label = $"class{label}" })),
    ];

    private static PictureFingerprint[] Contents(IEnumerable<LabeledImage> images) =>
        [.. images.Select(image => PictureFingerprint.Compute(Encoding.UTF8.GetBytes(image.ImagePath)))];

    // 0 where it is trained on, 1 validation, 2 test.
    private static Dictionary<LabeledImage, int> Sides(LabeledImage[] images, int seed)
    {
        var parts = StratifiedSplit.Draw(images, Contents(images), new SplitOptions { Seed = seed });
        return new IReadOnlyList<LabeledImage>[] { parts.Train, parts.Validation, parts.Test }
            .SelectMany((part, side) => part.Select(image => (image, side))).ToDictionary();
    }
}
