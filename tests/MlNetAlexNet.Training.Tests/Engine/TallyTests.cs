using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class TallyTests
{
    [TestMethod]
    public void Add_OfUnequalBatches_WeighsEveryPictureTheSame()
    {
        using var tally = new Tally(batches: 2, perReading: 1, CPU);

        Add(tally, 0.1f, [0, 1, 1], [0, 1, 2]);
        Add(tally, 0.7f, [2], [0]);

        Assert.AreEqual(0.7f, tally.Read());
        Assert.AreEqual((0.1f * 3d + 0.7f) / 4, tally.Loss);
        Assert.AreEqual(0.5, tally.Accuracy);
        Assert.AreEqual(4, tally.Pictures);
        Assert.AreEqual(2, tally.Batches);
    }

    // By hand, of scores that fall from class to class: the fifth is among the five, the sixth and the seventh are not.
    [TestMethod]
    public void AddTop5_ClassesByRank_CountsTheFirstFive()
    {
        using var tally = new Tally(batches: 1, perReading: 1, CPU);
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 7, 6, 5, 4, 3, 2, 1 }).expand(4, 7);
        var labels = tensor(new long[] { 0, 4, 5, 6 });

        tally.AddTop5(logits, labels);
        tally.Add(tensor(1f), logits, labels);

        tally.Read();
        Assert.AreEqual(0.5, tally.Top5);
        Assert.AreEqual(0.25, tally.Accuracy);
    }

    [TestMethod]
    [DataRow(1, 3, new[] { true, true, true })]
    [DataRow(4, 6, new[] { false, false, false, true, false, true })]
    [DataRow(4, 8, new[] { false, false, false, true, false, false, false, true })]
    public void Add_EveryFewBatchesAndAtTheLast_AsksToBeRead(int perReading, int batches, bool[] expected)
    {
        using var tally = new Tally(batches, perReading, CPU);

        CollectionAssert.AreEqual(expected, expected.Select(_ => Add(tally, 1, [0], [0])).ToArray());
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void Read_AfterALossThatIsNotFinite_SaysSoThoughAnotherFollowed(float cost)
    {
        using var tally = new Tally(batches: 9, perReading: 4, CPU);
        Add(tally, 1, [0], [0]);
        Assert.AreEqual(1, tally.Read());
        Add(tally, cost, [0], [0]);
        Add(tally, 2, [0], [0]);

        Assert.AreEqual(cost, tally.Read());
        Assert.AreEqual(2, tally.LastLoss);
    }

    // The logits say which class wins.
    private static bool Add(Tally tally, float cost, long[] predicted, long[] labels)
    {
        using var scope = NewDisposeScope();
        return tally.Add(tensor(cost), nn.functional.one_hot(tensor(predicted), 3).to(ScalarType.Float32), tensor(labels));
    }
}
