using System.Globalization;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class BatchNormalizationTests
{
    [TestMethod]
    public void OutputShape_ImageOrVector_IsTheInput()
    {
        var (image, vector) = (TensorShape.Image(6, 6, 4), TensorShape.Vector(10));

        Assert.AreEqual(image, new BatchNormalization().ComputeOutputShape(image));
        Assert.AreEqual(vector, new BatchNormalization().ComputeOutputShape(vector));
        Assert.AreEqual(4, new BatchNormalization().ListWeights(image)[0].Elements);
        Assert.AreEqual(10, new BatchNormalization().ListWeights(vector)[0].Elements);
    }

    [TestMethod]
    public void Constructor_Defaults_AreThoseOfKeras()
    {
        var layer = new BatchNormalization();

        Assert.AreEqual(0.99, layer.Momentum);
        Assert.AreEqual(1e-3, layer.Epsilon);
        Assert.IsTrue(layer is { Center: true, Scale: true, TypeName: "BatchNormalization" });
    }

    [TestMethod]
    [DataRow(false, true, "gamma moving_mean moving_variance")]
    [DataRow(true, false, "beta moving_mean moving_variance")]
    [DataRow(false, false, "moving_mean moving_variance")]
    public void ListWeights_WithoutCentreOrScale_LacksThem(bool center, bool scale, string names) => Assert.AreEqual(
        names,
        string.Join(' ', new BatchNormalization(center: center, scale: scale)
            .ListWeights(TensorShape.Vector(3)).Select(weight => weight.Name)));

    [TestMethod]
    [DataRow(-0.1)]
    [DataRow(1.1)]
    [DataRow(double.NaN)]
    public void Constructor_MomentumOutOfRange_IsRefused(double momentum) => Assert.Contains(
        $"BatchNormalization with momentum {momentum.ToString(CultureInfo.InvariantCulture)}; it must be from 0 to 1.",
        Assert.ThrowsExactly<AlexNetException>(() => new BatchNormalization(momentum)).Message);

    [TestMethod]
    [DataRow(-1e-5)]
    [DataRow(double.PositiveInfinity)]
    [DataRow(double.NaN)]
    public void Constructor_EpsilonOutOfRange_IsRefused(double epsilon) => Assert.Contains(
        "BatchNormalization with epsilon",
        Assert.ThrowsExactly<AlexNetException>(() => new BatchNormalization(epsilon: epsilon)).Message);
}
