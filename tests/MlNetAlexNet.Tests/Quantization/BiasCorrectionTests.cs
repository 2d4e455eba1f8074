using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Quantization;

namespace MlNetAlexNet.Tests.Quantization;

[TestClass]
public class BiasCorrectionTests
{
    // The weights 1.27 and 0.004 share 127 codes, of 1.274 / 127 each: 1.27 is rounded to 127 of them, 1.274, and 0.004 to none.
    // On the mean of red 100 and green 150 the sum is 127 + 0.6, and 127.4 in codes: the bias takes up 0.2.
    [TestMethod]
    public void Correct_OneRoundedWeight_ShiftsTheBiasByTheMean()
    {
        var model = Model(kernel: [1.27f, 0.004f, 0, 0, 0, 1], bias: [0, 0]);
        byte[][] pictures = [[50, 100, 10], [150, 200, 30]];

        var shifts = Correct(model, pictures).BiasShifts;

        Assert.AreEqual(0.2, shifts["conv2d_1"][0], 1e-4);
        Assert.AreEqual(0, shifts["conv2d_1"][1], 1e-4); // its one weight, 1, is a code
    }

    // The layer behind it sees the first one corrected, but in codes of 1: of sums 10.4 and 20.4 it sees 10 and 20, 0.4 less on
    // the mean; its weight of 2 makes 0.8 of it, which its bias takes up.
    [TestMethod]
    public void Correct_RoundedActivations_ShiftTheNextBias()
    {
        var model = Model(kernel: [1, 0, 0, 0, 0, 1], bias: [0.4f, 0.4f]);
        var calibrated = new Calibrated(
            new Dictionary<string, ActivationRange> { ["conv2d_1/relu"] = new(0, 255) });

        var shifts = BiasCorrection.Correct(
            model, calibrated, [[10, 0, 10], [20, 0, 20]], progress: null, CancellationToken.None).BiasShifts;

        Assert.AreEqual(0.8, shifts["dense_1"][0], 1e-4);
        Assert.AreEqual(-0.8, shifts["dense_1"][1], 1e-4);
    }

    [TestMethod]
    public void Correct_EveryLayerWithWeights_HasAShiftAndAReport()
    {
        var model = Model(kernel: [1, 0, 0, 0, 0, 1], bias: [0, 0]);
        var reports = new List<QuantizationProgress>();

        var calibrated = Calibration.Measure(
            model, [[10, 0, 10]], new ProgressHandler<QuantizationProgress>(reports.Add));

        CollectionAssert.AreEquivalent((string[])["conv2d_1", "dense_1"], calibrated.BiasShifts.Keys.ToArray());
        CollectionAssert.AreEqual(
            (QuantizationProgress[])[new(QuantizationStage.Correcting, 1, 2), new(QuantizationStage.Correcting, 2, 2)], reports);
    }

    private static Calibrated Correct(TrainedModel model, byte[][] pictures) => BiasCorrection.Correct(
        model,
        new Calibrated(new Dictionary<string, ActivationRange> { ["conv2d_1/relu"] = new(0, 300) }),
        pictures,
        progress: null,
        CancellationToken.None);

    // Pictures of one pixel; a hidden unit for red and green, one for blue; a class for each, of weights 2 and -2.
    private static TrainedModel Model(float[] kernel, float[] bias) => new(
        new Sequential(TensorShape.Image(1, 1, 3))
        {
            new Conv2D(2, 1, activation: Activation.Relu), new Flatten(), new Dense(2, Activation.Softmax),
        }.Plan(),
        new WeightSet(
        [
            new("conv2d_1/kernel", new Weight([2, 3, 1, 1], kernel)),
            new("conv2d_1/bias", new Weight([2], bias)),
            new("dense_1/kernel", new Weight([2, 2], [2, 0, -2, 0])),
            new("dense_1/bias", new Weight([2], [0, 0])),
        ]),
        new ImagePreprocessing(1, [0, 0, 0], [1, 1, 1]) { ImageSize = 1 },
        ["a", "b"]);
}
