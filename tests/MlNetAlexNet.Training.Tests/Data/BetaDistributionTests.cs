using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Training.Tests.Data;

[TestClass]
public sealed class BetaDistributionTests
{
    // Mean 1/2 and variance 1 / (4 (2 alpha + 1)) by definition.
    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.2)]
    [DataRow(1.0)]
    [DataRow(4.0)]
    public void Draw_ManyTimes_HasTheMomentsOfTheDistribution(double alpha)
    {
        const int Count = 40_000;
        var random = new PictureRandom(7);
        var drawn = Enumerable.Range(0, Count).Select(_ => BetaDistribution.Draw(alpha, ref random)).ToList();
        Assert.IsTrue(drawn.TrueForAll(value => value is >= 0 and <= 1));
        Assert.AreEqual(0.5, drawn.Average(), 0.01);
        Assert.AreEqual(1 / (4 * (2 * alpha + 1)), drawn.Average(value => (value - 0.5) * (value - 0.5)), 0.005);
    }
}
