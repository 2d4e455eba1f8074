using MlNetAlexNet.Training.Engine;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class LearningRateTests
{
    private static readonly TrainingOptions Options = new()
    {
        LearningRate = 1, WarmUpSteps = 3, Epochs = 4, DecayEpochs = 2, DecayFactor = 0.1,
    };

    [TestMethod]
    public void At_WarmUp_RisesInEqualSteps()
    {
        var rate = new LearningRate(Options with { Schedule = LearningRateSchedule.Constant }, stepsPerEpoch: 5);
        CollectionAssert.AreEqual(new[] { 0.25, 0.5, 0.75, 1, 1 }, Enumerable.Range(0, 5).Select(rate.At).ToArray());
    }

    [TestMethod]
    public void At_ShortTraining_WarmsUpForHalfOfIt()
    {
        var rate = new LearningRate(
            Options with { WarmUpSteps = 100, Epochs = 1, Schedule = LearningRateSchedule.Constant }, stepsPerEpoch: 4);
        Assert.AreEqual(1.0 / 3, rate.At(0), 1e-12);
        Assert.AreEqual(1, rate.At(2));
    }

    [TestMethod]
    public void At_Cosine_FallsFromOneToNearlyZero()
    {
        var rate = new LearningRate(Options with { WarmUpSteps = 0, Schedule = LearningRateSchedule.Cosine }, stepsPerEpoch: 5);
        Assert.AreEqual(1, rate.At(0));
        Assert.AreEqual(0.5, rate.At(10), 1e-12);
        Assert.AreEqual((1 + Math.Cos(Math.PI * 19 / 20)) / 2, rate.At(19), 1e-12);
    }

    [TestMethod]
    public void At_Step_FallsAfterEveryDecayEpochs()
    {
        var rate = new LearningRate(Options with { WarmUpSteps = 0, Schedule = LearningRateSchedule.Step }, stepsPerEpoch: 5);
        Assert.AreEqual(1, rate.At(9));
        Assert.AreEqual(0.1, rate.At(10), 1e-12);
        Assert.AreEqual(0.1, rate.At(19), 1e-12);
    }

    [TestMethod]
    public void At_ReduceOnPlateau_FallsWhenTheLossStays()
    {
        var rate = new LearningRate(
            Options with { WarmUpSteps = 0, Schedule = LearningRateSchedule.ReduceOnPlateau }, stepsPerEpoch: 5);
        rate.EpochEnded(2);
        rate.EpochEnded(2);
        Assert.AreEqual(1, rate.At(10), "one epoch without gain is within DecayEpochs");
        rate.EpochEnded(2.5);
        Assert.AreEqual(0.1, rate.At(15), 1e-12);
        rate.EpochEnded(1);
        rate.EpochEnded(1.1);
        Assert.AreEqual(0.1, rate.At(19), 1e-12);
    }
}
