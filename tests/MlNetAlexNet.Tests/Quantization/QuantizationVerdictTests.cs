using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Quantization;

namespace MlNetAlexNet.Tests.Quantization;

[TestClass]
public class QuantizationVerdictTests
{
    private static readonly QuantizationOptions Options = new() { Model = "m.zip", Output = "q.zip" };

    [TestMethod]
    [DataRow(341, 341, 0, 0, DisplayName = "all the same")]
    [DataRow(341, 337, 4, 0, DisplayName = "four ties lost: 1.2 points, p = 1/16")]
    [DataRow(341, 330, 3, 5, DisplayName = "11 differ, 96.8 %, p = 0.08, nothing lost")]
    [DataRow(100_000, 99_000, 400, 300, DisplayName = "surely worse, by a tenth of a point")]
    [DataRow(20, 18, 2, 0, DisplayName = "2 of 20 may be luck")]
    [DataRow(3, 2, 1, 0, DisplayName = "three pictures say little")]
    public void FindFault_NoWorseThanByLuck_IsNone(int pictures, int same, int onlyFirst, int onlySecond) =>
        Assert.IsNull(QuantizationVerdict.FindFault(Options, new PairedComparison(pictures, same, onlyFirst, onlySecond)));

    [TestMethod]
    [DataRow(341, 336, 5, 0, "loses 1.5 points of accuracy, more than the 0.5 allowed", "p = 0.0313", "allow a larger loss", nameof(Options.MaximumLoss))]
    [DataRow(341, 328, 4, 4, "gives 13 of 341", "96.2% agree, fewer than the 98.0%", "require less agreement", nameof(Options.MinimumAgreement))]
    [DataRow(20, 17, 1, 1, "gives 3 of 20", "p = 0.0071", "require less agreement", nameof(Options.MinimumAgreement))]
    [DataRow(341, 200, 100, 10, "loses 26.4 points", "p < 0.0001", "allow a larger loss and require less agreement", nameof(Options.MaximumLoss))]
    public void FindFault_WorseThanByLuck_SaysWhichFigureAndTheWayOut(
        int pictures, int same, int onlyFirst, int onlySecond, string figure, string chance, string way, string option)
    {
        var fault = QuantizationVerdict.FindFault(Options, new PairedComparison(pictures, same, onlyFirst, onlySecond))!;

        StringAssert.Contains(fault.Message, figure);
        StringAssert.Contains(fault.Message, chance);
        StringAssert.Contains(fault.Message, way);
        Assert.AreEqual(option, fault.Option);
    }

    [TestMethod]
    public void FindFault_WiderLimits_KeepIt()
    {
        var comparison = new PairedComparison(341, 200, 100, 10);

        Assert.IsNull(QuantizationVerdict.FindFault(Options with { MaximumLoss = 100, MinimumAgreement = 0 }, comparison));
        Assert.IsNotNull(QuantizationVerdict.FindFault(Options with { MaximumLoss = 100 }, comparison));
        Assert.IsNotNull(QuantizationVerdict.FindFault(Options with { MinimumAgreement = 0 }, comparison));
    }
}
