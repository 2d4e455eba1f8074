using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class TensorShapeTests
{
    [TestMethod]
    public void ToString_ImageAndVector_ReadAsKeras()
    {
        Assert.AreEqual("(None, 55, 54, 96)", TensorShape.Image(55, 54, 96).ToString());
        Assert.AreEqual("(None, 9216)", TensorShape.Vector(9216).ToString());
    }

    [TestMethod]
    public void Flatten_Image_HoldsEveryValue()
    {
        Assert.AreEqual(TensorShape.Vector(9216), new Flatten().ComputeOutputShape(TensorShape.Image(6, 6, 256)));
        Assert.AreEqual(TensorShape.Vector(7), new Flatten().ComputeOutputShape(TensorShape.Vector(7)));
    }

    [TestMethod]
    [DataRow(0, 5, 3)]
    [DataRow(5, -1, 3)]
    [DataRow(5, 5, 0)]
    [DataRow(1_000_000, 1_000_000, 3)]
    public void Image_ImpossibleSides_AreRefused(int height, int width, int channels) => Assert.Contains(
        $"{height} x {width} x {channels}",
        Assert.ThrowsExactly<AlexNetException>(() => TensorShape.Image(height, width, channels)).Message);
}
