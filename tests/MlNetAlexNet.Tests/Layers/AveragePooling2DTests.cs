using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class AveragePooling2DTests
{
    [TestMethod]
    [DataRow(13, 3, 2, false, 6)]
    [DataRow(13, 3, 2, true, 7)]
    [DataRow(8, 3, 2, true, 4)]
    public void OutputShape_WindowAndStride_IsAsWorkedByHand(int side, int pool, int stride, bool same, int output)
    {
        var layer = new AveragePooling2D(pool, stride, same ? Padding.Same : Padding.Valid);

        Assert.AreEqual(TensorShape.Image(output, output, 9), layer.ComputeOutputShape(TensorShape.Image(side, side, 9)));
        Assert.IsEmpty(layer.ListWeights(TensorShape.Image(side, side, 9)));
    }

    [TestMethod]
    public void Constructor_WindowOnly_DoesNotOverlapAndDoesNotPad()
    {
        var layer = new AveragePooling2D((3, 2));

        Assert.AreEqual(new Size2D(3, 2), layer.Strides);
        Assert.AreEqual(Padding.Valid, layer.Padding);
    }

    [TestMethod]
    public void Constructor_NumberBelowOne_IsRefused()
    {
        Assert.Contains("poolSize 0x0", Assert.ThrowsExactly<AlexNetException>(() => new AveragePooling2D(0)).Message);
        Assert.Contains(
            "strides 1x0", Assert.ThrowsExactly<AlexNetException>(() => new AveragePooling2D(2, (1, 0))).Message);
    }

    [TestMethod]
    public void OutputShape_PaddingAsWideAsTheWindow_IsRefused() => Assert.Contains(
        "nothing but padding",
        Assert.ThrowsExactly<AlexNetException>(() => new AveragePooling2D(2, padding: Padding.Explicit(2, 0, 0, 0))
            .ComputeOutputShape(TensorShape.Image(8, 8, 1))).Message);
}
