using MlNetAlexNet.Evaluation;

namespace MlNetAlexNet.Tests.Evaluation;

/// <summary>
/// Newcombe 1998, "Two-sided confidence intervals for the single proportion: comparison of seven methods", Statistics in
/// Medicine 17, table I, method 3: the score interval without continuity correction, to four places.
/// </summary>
[TestClass]
public sealed class ConfidenceIntervalTests
{
    [TestMethod]
    [DataRow(81, 263, 0.2553, 0.3662)]
    [DataRow(15, 148, 0.0624, 0.1605)]
    [DataRow(0, 20, 0.0000, 0.1611)]
    [DataRow(1, 29, 0.0061, 0.1718)]
    public void OfShare_NewcombesExamples_AreHis(int part, int pictures, double low, double high)
    {
        var interval = ConfidenceInterval.OfShare((double)part / pictures, pictures);

        Assert.AreEqual(low, interval.Low, 0.00005);
        Assert.AreEqual(high, interval.High, 0.00005);
    }

    // Its ends are the shares p of which the measured one is z deviations sqrt(p (1 - p) / n) away.
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(303, 372)]
    [DataRow(999_999, 1_000_000)]
    public void OfShare_ItsEnds_SolveWilsonsEquation(int part, int pictures)
    {
        var share = (double)part / pictures;
        var interval = ConfidenceInterval.OfShare(share, pictures);

        foreach (var end in new[] { interval.Low, interval.High }.Where(end => end is > 0 and < 1))
            Assert.AreEqual(1.959964, Math.Abs(share - end) / Math.Sqrt(end * (1 - end) / pictures), 1e-5);
        Assert.IsTrue(interval.Low < share && share <= interval.High);
    }

    [TestMethod]
    public void OfShare_NoneAndAll_AreMirrored()
    {
        var (none, all) = (ConfidenceInterval.OfShare(0, 50), ConfidenceInterval.OfShare(1, 50));

        Assert.AreEqual((0.0, 1.0), (none.Low, all.High));
        Assert.AreEqual(none.High, 1 - all.Low, 1e-12);
    }
}
