using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class ZeroPadding2DTests
{
    [TestMethod]
    public void OutputShape_FourSides_AddsEach()
    {
        var layer = new ZeroPadding2D(top: 0, bottom: 1, left: 2, right: 3);

        Assert.AreEqual(TensorShape.Image(11, 15, 4), layer.ComputeOutputShape(TensorShape.Image(10, 10, 4)));
        Assert.AreEqual(new PaddingSides(0, 1, 2, 3), layer.Sides);
    }

    [TestMethod]
    public void OutputShape_Vector_IsRefused() => Assert.ThrowsExactly<AlexNetException>(
        () => new ZeroPadding2D(1, 1, 1, 1).ComputeOutputShape(TensorShape.Vector(4)));

    [TestMethod]
    public void Constructor_NegativeSide_IsRefused() => Assert.AreEqual(
        "ZeroPadding2D of 0, -1, 0, 0 pixels; a side cannot be negative.",
        Assert.ThrowsExactly<AlexNetException>(() => new ZeroPadding2D(0, -1, 0, 0)).Message);
}
