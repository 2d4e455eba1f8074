using MlNetAlexNet.Evaluation;

namespace MlNetAlexNet.Tests.Evaluation;

[TestClass]
public sealed class CalibrationTests
{
    // By hand: two pictures in the range to 10/15, one right (confidence 0.64, accuracy 0.5); one in the last, right at 0.97.
    [TestMethod]
    public void Count_ThreePictures_IsTheMeanDistanceOfTheirRanges()
    {
        var calibration = Calibration.Count([(0.62, true), (0.66, false), (0.97, true)]);

        Assert.AreEqual((2 * 0.14 + 0.03) / 3, calibration.ExpectedError, 1e-12);
        var bin = calibration.Bins[9];
        Assert.AreEqual((2, 0.64, 0.5), (bin.Pictures, Math.Round(bin.Confidence, 12), bin.Accuracy));
        Assert.AreEqual(3, calibration.Bins.Sum(each => each.Pictures));
    }

    [TestMethod]
    [DataRow(0.0, 0)]
    [DataRow(1 / 15.0, 0)]
    [DataRow(0.0667, 1)]
    [DataRow(1.0, 14)]
    [DataRow(1.0000001, 14)] // a sum of float32
    public void Count_AtTheEndsOfRanges_BelongsToTheOneBelow(double probability, int bin) =>
        Assert.AreEqual(1, Calibration.Count([(probability, true)]).Bins[bin].Pictures);

    [TestMethod]
    public void Count_AsOftenRightAsSaid_HasNoError() => Assert.AreEqual(
        0, Calibration.Count(Enumerable.Range(0, 1000).Select(i => (0.75, i % 4 != 0))).ExpectedError, 1e-12);
}
