
namespace MlNetAlexNet.Training.Tests;

[TestClass]
public sealed class TrainingOptionsCheckTests
{
    [TestMethod]
    public void Check_Defaults_AreAccepted() => TrainingOptionsCheck.Check(new TrainingOptions(), hasValidation: true);

    [TestMethod]
    public void Check_EveryFault_IsNamedAtOnce()
    {
        var options = new TrainingOptions
        {
            Epochs = 0, BatchSize = -1, DecayEpochs = 0, EarlyStoppingEpochs = 0, TopK = 0, Momentum = 1, Dropout = -0.1,
            LabelSmoothing = 1, ValidationFraction = double.NaN, WarmUpSteps = -1, LearningRate = 0, WeightDecay = -1,
            DecayFactor = 1, GradientClipNorm = 0, ClassWeights = new Dictionary<string, double> { ["hat"] = 0 },
            Schedule = LearningRateSchedule.ReduceOnPlateau, LoadingThreads = 0,
        };
        var message = Assert.ThrowsExactly<AlexNetException>(
            () => TrainingOptionsCheck.Check(options, hasValidation: false)).Message;
        foreach (var name in new[]
        {
            "Epochs is 0", "BatchSize is -1", "DecayEpochs is 0", "EarlyStoppingEpochs is 0", "TopK is 0", "Momentum is 1",
            "Dropout is -0.1", "LabelSmoothing is 1", "ValidationFraction is NaN", "WarmUpSteps is -1", "LearningRate is 0",
            "WeightDecay is -1", "DecayFactor is 1", "GradientClipNorm is 0", "'hat' 0", "EarlyStoppingEpochs needs",
            "ReduceOnPlateau needs", "LoadingThreads is 0",
        })
        {
            StringAssert.Contains(message, name);
        }
    }

    [TestMethod]
    public void Check_CultureWithDecimalComma_WritesNumbersAsEverywhere()
    {
        using var culture = new DecimalComma();
        var message = Assert.ThrowsExactly<AlexNetException>(
            () => TrainingOptionsCheck.Check(new TrainingOptions { Momentum = 1.5 }, hasValidation: true)).Message;

        StringAssert.Contains(message, "Momentum is 1.5;");
    }
}
