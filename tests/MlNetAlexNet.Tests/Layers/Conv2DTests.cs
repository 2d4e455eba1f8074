using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class Conv2DTests
{
    // Worked by hand: valid (in - kernel) / stride + 1, rounded down; same ceil(in / stride).
    [TestMethod]
    [DataRow(227, 227, 11, 11, 4, 4, "valid", 55, 55)]
    [DataRow(224, 224, 11, 11, 4, 4, "valid", 54, 54)]
    [DataRow(27, 27, 5, 5, 1, 1, "same", 27, 27)]
    [DataRow(98, 98, 11, 11, 4, 4, "same", 25, 25)]
    [DataRow(10, 7, 3, 2, 2, 3, "valid", 4, 2)]
    [DataRow(10, 7, 3, 2, 2, 3, "same", 5, 3)]
    [DataRow(3, 3, 3, 3, 5, 5, "valid", 1, 1)]
    [DataRow(1, 1, 7, 7, 1, 1, "same", 1, 1)]
    public void OutputShape_WindowAndStride_IsAsWorkedByHand(
        int height,
        int width,
        int kernelRows,
        int kernelColumns,
        int stepDown,
        int stepRight,
        string padding,
        int rows,
        int columns)
    {
        var sides = padding == "same" ? Padding.Same : Padding.Valid;
        var layer = new Conv2D(8, (kernelRows, kernelColumns), (stepDown, stepRight), sides);

        Assert.AreEqual(TensorShape.Image(rows, columns, 8), layer.ComputeOutputShape(TensorShape.Image(height, width, 3)));
    }

    [TestMethod]
    public void OutputShape_ExplicitSides_AddsThemToTheInput()
    {
        var layer = new Conv2D(4, 3, strides: 2, padding: Padding.Explicit(top: 0, bottom: 1, left: 2, right: 3));

        // (6 + 1 - 3) / 2 + 1 = 3 rows, (6 + 5 - 3) / 2 + 1 = 5 columns.
        Assert.AreEqual(TensorShape.Image(3, 5, 4), layer.ComputeOutputShape(TensorShape.Image(6, 6, 1)));
    }

    [TestMethod]
    public void Weights_TwoGroups_SeeHalfTheChannels()
    {
        var input = TensorShape.Image(27, 27, 96);
        var layer = new Conv2D(256, 5, padding: Padding.Same, groups: 2);

        var weights = layer.ListWeights(input);

        CollectionAssert.AreEqual((int[])[256, 48, 5, 5], weights[0].Dimensions.ToArray());
        CollectionAssert.AreEqual((int[])[256], weights[1].Dimensions.ToArray());
        Assert.AreEqual(307_200 + 256, weights.Sum(weight => weight.Elements)); // Krizhevsky 2012, section 3.5
        Assert.AreEqual(27L * 27 * 307_200, layer.CountMultiplyAdds(input));
    }

    // A kernel of 3 with gaps of 2 spans 5: 10 - 5 + 1 = 6 rows; of 2 with gaps of 3 spans 4: (10 - 4) / 2 + 1 = 4.
    [TestMethod]
    public void OutputShape_Dilation_CountsTheGaps()
    {
        var layer = new Conv2D(4, (3, 2), strides: (1, 2), dilation: (2, 3));

        Assert.AreEqual(new Size2D(5, 4), layer.DilatedKernel);
        Assert.AreEqual(TensorShape.Image(6, 4, 4), layer.ComputeOutputShape(TensorShape.Image(10, 10, 3)));
        Assert.AreEqual(6L * 4 * 4 * 3 * 3 * 2, layer.CountMultiplyAdds(TensorShape.Image(10, 10, 3)));
    }

    [TestMethod]
    public void OutputShape_DilationWithSamePadding_KeepsTheSize() => Assert.AreEqual(
        TensorShape.Image(9, 9, 4),
        new Conv2D(4, 3, padding: Padding.Same, dilation: (3, 2)).ComputeOutputShape(TensorShape.Image(9, 9, 3)));

    [TestMethod]
    public void Weights_NoBias_AreTheKernelAlone() => CollectionAssert.AreEqual(
        (string[])["kernel"],
        new Conv2D(4, 3, useBias: false).ListWeights(TensorShape.Image(9, 9, 3)).Select(weight => weight.Name).ToArray());

    [TestMethod]
    public void Constructor_NoDilation_IsRefused() => Assert.AreEqual(
        "Conv2D with dilation 0x0; both sides must be at least 1.",
        Assert.ThrowsExactly<AlexNetException>(() => new Conv2D(4, 3, dilation: 0)).Message);

    [TestMethod]
    [DataRow(0, 3, 1, 1, "filters 0")]
    [DataRow(8, 0, 1, 1, "kernel 0x0")]
    [DataRow(8, 3, -1, 1, "strides -1x-1")]
    [DataRow(8, 3, 1, 0, "groups 0")]
    public void Constructor_NumberBelowOne_IsRefused(int filters, int kernel, int strides, int groups, string named)
    {
        var error = Assert.ThrowsExactly<AlexNetException>(() => new Conv2D(filters, kernel, strides, groups: groups));

        Assert.Contains($"Conv2D with {named}; ", error.Message);
    }
}
