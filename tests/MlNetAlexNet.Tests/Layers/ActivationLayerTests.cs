using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class ActivationLayerTests
{
    [TestMethod]
    public void OutputShape_Relu_IsTheInput()
    {
        Assert.AreEqual(
            TensorShape.Image(6, 6, 4), new ActivationLayer(Activation.Relu).ComputeOutputShape(TensorShape.Image(6, 6, 4)));
        Assert.AreEqual(
            TensorShape.Vector(4), new ActivationLayer(Activation.Softmax).ComputeOutputShape(TensorShape.Vector(4)));
    }

    [TestMethod]
    public void OutputShape_SoftmaxOverAnImage_IsRefused() => Assert.Contains(
        "Put Flatten before it",
        Assert.ThrowsExactly<AlexNetException>(
            () => new ActivationLayer(Activation.Softmax).ComputeOutputShape(TensorShape.Image(6, 6, 4))).Message);

    [TestMethod]
    public void TypeName_OfTheLayer_IsKeras() =>
        Assert.AreEqual("Activation", new ActivationLayer(Activation.Relu).TypeName);
}
