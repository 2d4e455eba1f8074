using MlNetAlexNet.Training.Engine;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class LearningRateTests
{
    private static readonly TrainingOptions Options = new()
    {
        LearningRate = 1, WarmUpSteps = 3, Epochs = 4, DecayEpochs = 2, DecayFactor = 0.1,
    };

    // Four epochs of five steps. Half a cosine stands at 1, (2 + sqrt 2) / 4, 1/2, (2 - sqrt 2) / 4 and 0 after each.
    [TestMethod]
    [DataRow(0, 1.0)]
    [DataRow(5, 0.853553390593)]
    [DataRow(10, 0.5)]
    [DataRow(15, 0.146446609407)]
    [DataRow(19, 0.006155829702)] // the last step: sin^2 of 4.5 degrees
    [DataRow(20, 0.0)]
    public void Get_Cosine_FallsFromOneToZero(int step, double expected)
    {
        var rate = new LearningRate(
            Options with { WarmUpSteps = 0, Schedule = LearningRateSchedule.Cosine }, stepsPerEpoch: 5);
        Assert.AreEqual(expected, rate.Get(step), 1e-12);
    }

    // Four steps to warm up, sixteen down: the quarters are four steps each.
    [TestMethod]
    [DataRow(0, 0.002)]
    [DataRow(3, 0.008)]
    [DataRow(4, 0.01)]
    [DataRow(8, 0.00853553390593)]
    [DataRow(12, 0.005)]
    [DataRow(16, 0.00146446609407)]
    [DataRow(20, 0.0)]
    public void Get_CosineAfterWarmUp_FallsFromTheRateAskedForOverTheRest(int step, double expected)
    {
        var rate = new LearningRate(
            Options with { LearningRate = 0.01, WarmUpSteps = 4, Schedule = LearningRateSchedule.Cosine },
            stepsPerEpoch: 5);
        Assert.AreEqual(expected, rate.Get(step), 1e-14);
    }

    [TestMethod]
    public void Get_WarmUp_RisesInEqualSteps()
    {
        var rate = new LearningRate(Options with { Schedule = LearningRateSchedule.Constant }, stepsPerEpoch: 5);
        CollectionAssert.AreEqual(new[] { 0.25, 0.5, 0.75, 1, 1 }, Enumerable.Range(0, 5).Select(rate.Get).ToArray());
    }

    [TestMethod]
    public void Get_ShortTraining_WarmsUpForHalfOfIt()
    {
        var rate = new LearningRate(
            Options with { WarmUpSteps = 100, Epochs = 1, Schedule = LearningRateSchedule.Constant }, stepsPerEpoch: 4);
        Assert.AreEqual(1.0 / 3, rate.Get(0), 1e-12);
        Assert.AreEqual(1, rate.Get(2));
    }

    [TestMethod]
    [DataRow(0, 1.0)]
    [DataRow(9, 1.0)]
    [DataRow(10, 0.1)]
    [DataRow(19, 0.1)]
    [DataRow(20, 0.01)]
    public void Get_Step_FallsAfterEveryDecayEpochs(int step, double expected)
    {
        var rate = new LearningRate(
            Options with { WarmUpSteps = 0, Schedule = LearningRateSchedule.Step }, stepsPerEpoch: 5);
        Assert.AreEqual(expected, rate.Get(step), 1e-12);
    }

    // With two epochs of patience: the loss of each epoch, and the rate of the next.
    [TestMethod]
    public void Get_ReduceOnPlateau_FallsWhenTheLossHasNotFallenForDecayEpochs()
    {
        var rate = new LearningRate(
            Options with { WarmUpSteps = 0, Schedule = LearningRateSchedule.ReduceOnPlateau }, stepsPerEpoch: 5);
        foreach (var (loss, expected) in new[]
        {
            (2, 1), (2, 1), (2.5, 0.1), (1, 0.1), (1.1, 0.1), (0.9, 0.1), (0.9, 0.1), (double.NaN, 0.01), (0.8, 0.01),
        })
        {
            rate.EndEpoch(loss);
            Assert.AreEqual(expected, rate.Get(10), 1e-12, $"after a loss of {loss}");
        }
    }
}
