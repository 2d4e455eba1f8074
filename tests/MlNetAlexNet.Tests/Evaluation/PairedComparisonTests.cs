using MlNetAlexNet.Evaluation;

namespace MlNetAlexNet.Tests.Evaluation;

[TestClass]
public class PairedComparisonTests
{
    [TestMethod]
    public void Count_FourKindsOfPictures_AreTold()
    {
        var comparison = PairedComparison.Count(
            actual: ["a", "a", "a", "a", "a", "a"],
            first: ["a", "a", "a", "b", "b", "b"],
            second: ["a", "b", "c", "a", "b", "c"]);

        Assert.AreEqual(new PairedComparison(Pictures: 6, Same: 2, OnlyFirstRight: 2, OnlySecondRight: 1), comparison);
        Assert.AreEqual(2 / 6.0, comparison.Agreement, 1e-12);
        Assert.AreEqual(100 / 6.0, comparison.Loss, 1e-12);
    }

    // Sums of Pascal's triangle: (1 of 8), (1 + 3 of 8), (1 + 5 of 32), ...
    [TestMethod]
    [DataRow(0, 0, 1.0)]
    [DataRow(0, 3, 1.0)]
    [DataRow(3, 0, 0.125)]
    [DataRow(2, 1, 0.5)]
    [DataRow(4, 1, 6 / 32.0)]
    [DataRow(5, 0, 1 / 32.0)]
    [DataRow(1, 1, 0.75)]
    public void LossPValue_FewPictures_IsAsByHand(int onlyFirst, int onlySecond, double expected) =>
        Assert.AreEqual(expected, new PairedComparison(100, 90, onlyFirst, onlySecond).LossPValue, 1e-12);

    [TestMethod]
    public void LossPValue_ThousandsOfPictures_IsNearTheNormalDistribution()
    {
        // 5,000 of 10,000 is the mean; a half and half of the one value in the middle, 1 / sqrt(2 pi 2500).
        var even = new PairedComparison(50_000, 40_000, 5_000, 5_000).LossPValue;

        Assert.AreEqual(0.5 + 0.5 / Math.Sqrt(2 * Math.PI * 2500), even, 1e-5);
    }

    // 1 - 0.9^3, 3 x 0.01 x 0.9 + 0.001, 0.1^3.
    [TestMethod]
    [DataRow(0, 1.0)]
    [DataRow(1, 0.271)]
    [DataRow(2, 0.028)]
    [DataRow(3, 0.001)]
    public void DisagreementPValue_ThreePictures_IsAsByHand(int different, double expected) =>
        Assert.AreEqual(expected, new PairedComparison(3, 3 - different, 0, 0).DisagreementPValue(0.9), 1e-12);

    [TestMethod]
    public void DisagreementPValue_EndsOfTheShare_DivideByNothing()
    {
        Assert.AreEqual(1, new PairedComparison(3, 0, 0, 0).DisagreementPValue(0));
        Assert.AreEqual(0, new PairedComparison(3, 2, 0, 0).DisagreementPValue(1));
        Assert.AreEqual(1, new PairedComparison(3, 3, 0, 0).DisagreementPValue(1));
    }
}
