using System.Globalization;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class DropoutTests
{
    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.5)]
    [DataRow(0.999)]
    public void OutputShape_AnyRate_IsTheInput(double rate)
    {
        var layer = new Dropout(rate);

        Assert.AreEqual(TensorShape.Vector(9216), layer.ComputeOutputShape(TensorShape.Vector(9216)));
        Assert.IsEmpty(layer.ListWeights(TensorShape.Vector(9216)));
        Assert.AreEqual(rate, layer.Rate);
    }

    [TestMethod]
    [DataRow(-0.1)]
    [DataRow(1.0)]
    [DataRow(double.NaN)]
    public void Constructor_RateOutOfRange_IsRefused(double rate) => Assert.Contains(
        $"rate {rate.ToString(CultureInfo.InvariantCulture)};",
        Assert.ThrowsExactly<AlexNetException>(() => new Dropout(rate)).Message);
}
