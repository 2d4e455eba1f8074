using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests.Runs;

[TestClass]
public sealed class HistoryFileTests
{
    [TestMethod]
    public void Write_TwoEpochs_HasTimeColumnsLastAndEveryDigit()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "history.csv");

        HistoryFile.Write(
            [
                new EpochCompleted(1, 0.01, 1 / 3.0, 0.5, null, null, IsBest: false, Seconds: 2.5, ImagesPerSecond: 40),
                new EpochCompleted(2, 1e-5, 0.25, 1, 0.125, 0.75, IsBest: true, Seconds: 3, ImagesPerSecond: 1e3) { ValidationTop5 = 0.875 },
            ],
            path);

        Assert.AreEqual(
            "epoch,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy,validation_top5,is_best," +
            "seconds,images_per_second\n" +
            "1,0.01,0.3333333333333333,0.5,,,,false,2.5,40\n" +
            "2,1E-05,0.25,1,0.125,0.75,0.875,true,3,1000\n",
            File.ReadAllText(path));
    }
}
