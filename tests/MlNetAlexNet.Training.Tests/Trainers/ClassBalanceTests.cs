using Microsoft.ML;
using MlNetAlexNet.Training.Trainers;

namespace MlNetAlexNet.Training.Tests.Trainers;

[TestClass]
public sealed class ClassBalanceTests
{
    // 12 red, 6 green, 6 blue, of which all are trained on: 24 / (3 x 12), 24 / (3 x 6), 24 / (3 x 6) (scikit-learn,
    // compute_class_weight).
    [TestMethod]
    public void Train_BalancedClasses_IsTheSameAsTheirWeightsByHand()
    {
        var balanced = Train(TinyPictures.Options with { Epochs = 1, BalancedClasses = true });
        var byHand = Train(TinyPictures.Options with
        {
            Epochs = 1,
            ClassWeights = new Dictionary<string, double> { ["red"] = 24.0 / 36, ["green"] = 24.0 / 18, ["blue"] = 24.0 / 18 },
        });
        var alike = Train(TinyPictures.Options with { Epochs = 1 });

        Assert.AreEqual(byHand.History[0].TrainLoss, balanced.History[0].TrainLoss);
        Assert.AreNotEqual(alike.History[0].TrainLoss, balanced.History[0].TrainLoss);
    }

    [TestMethod]
    public void Train_MoreStepsThan32Bits_IsRefusedBeforeTheFirst()
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(
            () => Train(TinyPictures.Options with { Epochs = int.MaxValue, BatchSize = 8 }));

        Assert.AreEqual("Epochs is 2147483647, of 3 steps each; all together can be 2147483647 at most. Lower Epochs.", fault.Message);
    }

    [TestMethod]
    public void Train_BatchSizeOf32Bits_IsOneBatchOfAll() =>
        Assert.HasCount(1, Train(TinyPictures.Options with { Epochs = 1, BatchSize = int.MaxValue }).History);

    private static TrainingResult Train(TrainingOptions options)
    {
        var ml = new MLContext();
        var rows = TinyPictures.Rows(36, seed: 2).Where((row, i) => row.Label == "red" || i < 18).ToList();
        var trainer = ml.MulticlassClassification.Trainers.AlexNet(options, TinyPictures.Start);
        return trainer.Train(TinyPictures.Data(ml, rows), TinyPictures.Data(ml, TinyPictures.Rows(6, seed: 3)));
    }
}
