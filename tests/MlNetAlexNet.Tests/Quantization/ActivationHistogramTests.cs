using MlNetAlexNet.Quantization;

namespace MlNetAlexNet.Tests.Quantization;

[TestClass]
public class ActivationHistogramTests
{
    [TestMethod]
    [DataRow(0.9)]
    [DataRow(0.99)]
    [DataRow(0.999)]
    public void Range_RandomValues_IsTheirPercentileBySorting(double percentile)
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 20_000).Select(_ => (random.NextSingle() - 0.3f) * random.NextSingle()).ToArray();
        var histogram = new ActivationHistogram();
        histogram.Add(values);

        var range = histogram.Range(percentile);

        var above = values.Where(value => value > 0).Order().ToArray();
        var below = values.Where(value => value < 0).Select(value => -value).Order().ToArray();
        Assert.AreEqual(above[(int)(above.Length * percentile)], range.Highest, range.Highest * 0.01);
        Assert.AreEqual(-below[(int)(below.Length * percentile)], range.Lowest, -range.Lowest * 0.01);
    }

    [TestMethod]
    public void Range_OneOutlierInAMillion_IsLeftOut()
    {
        var histogram = new ActivationHistogram();
        histogram.Add([.. Enumerable.Repeat(1f, 1_000_000), 1000f]);

        Assert.AreEqual(1, histogram.Range(0.9999).Highest, 0.01);
    }

    [TestMethod]
    public void Range_OnlyZeros_DividesByNothing()
    {
        var histogram = new ActivationHistogram();
        histogram.Add(new float[100]);

        var scale = histogram.Range(0.9999).ToScale();

        Assert.IsGreaterThan(0, scale.Scale);
        Assert.AreEqual(0, scale.ZeroPoint);
    }

    [TestMethod]
    [DataRow(0f, 5f, (byte)0)]
    [DataRow(-1f, 2f, (byte)85)]
    [DataRow(-2f, 0f, (byte)255)]
    public void ToScale_Range_KeepsZeroExact(float lowest, float highest, byte zeroPoint) =>
        Assert.AreEqual(zeroPoint, new ActivationRange(lowest, highest).ToScale().ZeroPoint);
}
