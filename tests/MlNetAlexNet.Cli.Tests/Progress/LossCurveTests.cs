using MlNetAlexNet.Cli.Progress;

namespace MlNetAlexNet.Cli.Tests.Progress;

/// <summary>A curve of any length in little memory.</summary>
[TestClass]
public sealed class LossCurveTests
{
    [TestMethod]
    public void Add_ManyFigures_KeepsTheirMeansInOrder()
    {
        var curve = new LossCurve();
        for (var i = 0; i < 100_000; i++)
            curve.Add(i);
        curve.Add(double.NaN);
        curve.Add(double.PositiveInfinity);

        var points = curve.ToPoints();
        Assert.IsLessThanOrEqualTo(513, points.Count);
        CollectionAssert.AreEqual(points.Order().ToArray(), points.ToArray());
        Assert.AreEqual(127.5, points[0]); // 256 of them
    }

    [TestMethod]
    public void Fit_MorePointsThanColumns_AreTheMeansOfNeighbours()
    {
        CollectionAssert.AreEqual(new[] { 1.5, 3.5 }, LossCurve.Fit([1, 2, 3, 4], 2).ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 2 }, LossCurve.Fit([1, 2], 5).ToArray());
        Assert.HasCount(60, LossCurve.Fit([.. Enumerable.Range(0, 512).Select(i => (double)i)], 60));
    }
}
