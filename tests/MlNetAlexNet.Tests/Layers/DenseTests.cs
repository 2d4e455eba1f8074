using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class DenseTests
{
    [TestMethod]
    public void Weights_Vector_AreUnitsByInputs()
    {
        var input = TensorShape.Vector(9216);
        var layer = new Dense(4096);

        CollectionAssert.AreEqual((int[])[4096, 9216], layer.ListWeights(input)[0].Dimensions.ToArray());
        Assert.AreEqual(37_752_832, layer.ListWeights(input).Sum(weight => weight.Elements));
        Assert.AreEqual(37_748_736, layer.CountMultiplyAdds(input));
        Assert.AreEqual(TensorShape.Vector(4096), layer.ComputeOutputShape(input));
    }

    [TestMethod]
    public void Weights_NoBias_AreTheKernelAlone() => CollectionAssert.AreEqual(
        (string[])["kernel"],
        new Dense(4, useBias: false).ListWeights(TensorShape.Vector(3)).Select(weight => weight.Name).ToArray());

    [TestMethod]
    public void Constructor_NoUnits_IsRefused() => Assert.AreEqual(
        "Dense with units 0; it must be at least 1.",
        Assert.ThrowsExactly<AlexNetException>(() => new Dense(0)).Message);
}
