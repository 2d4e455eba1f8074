using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Training.Tests.Data;

[TestClass]
public sealed class StratifiedSplitTests
{
    [TestMethod]
    public void Draw_RandomLabels_IsDisjointCompleteAndStratified()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var labels = Enumerable.Range(0, 200).Select(i => i < 10 ? i / 2 : random.Next(5)).ToArray();
            var (train, validation) = StratifiedSplit.Draw(labels, 0.1, seed);
            CollectionAssert.AreEquivalent(
                Enumerable.Range(0, labels.Length).ToArray(), train.Concat(validation).ToArray(), $"seed {seed}");
            foreach (var label in Enumerable.Range(0, 5))
            {
                var all = labels.Count(other => other == label);
                var kept = validation.Count(index => labels[index] == label);
                Assert.IsTrue(kept >= 1 && Math.Abs(kept - 0.1 * all) <= 1, $"seed {seed}: {kept} of {all}");
            }
        }
    }

    [TestMethod]
    public void Draw_OneSeed_GivesOneSplit()
    {
        var labels = Enumerable.Range(0, 40).Select(i => i % 2).ToArray();
        var (_, first) = StratifiedSplit.Draw(labels, 0.25, 1);
        var (_, again) = StratifiedSplit.Draw(labels, 0.25, 1);
        var (_, other) = StratifiedSplit.Draw(labels, 0.25, 2);
        CollectionAssert.AreEqual(first, again);
        CollectionAssert.AreNotEqual(first, other);
    }

    [TestMethod]
    public void Draw_ClassWithOnePicture_IsRefused() => Assert.ThrowsExactly<AlexNetException>(
        () => StratifiedSplit.Draw([0, 0, 1], 0.1, 1));

    [TestMethod]
    public void Draw_FractionZero_KeepsNothingApart()
    {
        var (train, validation) = StratifiedSplit.Draw([0, 1], 0, 1);
        Assert.HasCount(2, train);
        Assert.IsEmpty(validation);
    }
}
