using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class AdaptiveAveragePooling2DTests
{
    [TestMethod]
    [DataRow(6, 6)]
    [DataRow(13, 20)]
    [DataRow(1, 2)]
    public void OutputShape_AnyImage_IsTheGrid(int height, int width) => Assert.AreEqual(
        TensorShape.Image(6, 4, 256), new AdaptiveAveragePooling2D((6, 4)).ComputeOutputShape(TensorShape.Image(height, width, 256)));

    [TestMethod]
    public void OutputShape_Vector_IsRefused() => Assert.Contains(
        "Put it before Flatten",
        Assert.ThrowsExactly<AlexNetException>(
            () => new AdaptiveAveragePooling2D(6).ComputeOutputShape(TensorShape.Vector(4))).Message);

    [TestMethod]
    public void Constructor_NoCells_IsRefused() => Assert.AreEqual(
        "AdaptiveAveragePooling2D with outputSize 0x0; both sides must be at least 1.",
        Assert.ThrowsExactly<AlexNetException>(() => new AdaptiveAveragePooling2D(0)).Message);
}
