using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class MaxPooling2DTests
{
    [TestMethod]
    [DataRow(55, 3, 2, false, 27)]
    [DataRow(27, 3, 2, false, 13)]
    [DataRow(13, 3, 2, false, 6)]
    [DataRow(13, 3, 2, true, 7)]
    [DataRow(25, 3, 2, true, 13)]
    [DataRow(5, 2, 2, false, 2)]
    public void OutputShape_WindowAndStride_IsAsWorkedByHand(int side, int pool, int stride, bool same, int output)
    {
        var layer = new MaxPooling2D(pool, stride, same ? Padding.Same : Padding.Valid);

        Assert.AreEqual(TensorShape.Image(output, output, 96), layer.ComputeOutputShape(TensorShape.Image(side, side, 96)));
    }

    [TestMethod]
    public void Constructor_NoArguments_IsAWindowOfTwoThatDoesNotOverlap()
    {
        var layer = new MaxPooling2D();

        Assert.AreEqual(new Size2D(2, 2), layer.PoolSize);
        Assert.AreEqual(new Size2D(2, 2), layer.Strides);
        Assert.AreEqual(Padding.Valid, layer.Padding);
    }

    [TestMethod]
    public void Constructor_WindowOnly_StepsByTheWindow() =>
        Assert.AreEqual(new Size2D(3, 2), new MaxPooling2D((3, 2)).Strides);

    [TestMethod]
    public void Add_PaddingAsWideAsTheWindow_IsRefused()
    {
        var stack = new Sequential(TensorShape.Image(8, 8, 1));

        var error = Assert.ThrowsExactly<AlexNetException>(
            () => stack.Add(new MaxPooling2D(2, padding: Padding.Explicit(0, 2, 0, 0))));

        Assert.AreEqual(
            "max_pooling2d_1 cannot take (None, 8, 8, 1): " +
            "with padding '0, 2, 0, 0' its 2x2 window would hold nothing but padding.",
            error.Message);
    }
}
