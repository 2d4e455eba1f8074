using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

/// <summary><see cref="LeakyReLU"/> and <see cref="ELU"/>.</summary>
[TestClass]
public sealed class RectifierTests
{
    [TestMethod]
    public void OutputShape_AnyInput_IsTheInput()
    {
        foreach (var layer in (Layer[])[new LeakyReLU(), new ELU()])
        {
            foreach (var input in (TensorShape[])[TensorShape.Image(6, 6, 4), TensorShape.Vector(10)])
            {
                Assert.AreEqual(input, layer.ComputeOutputShape(input));
                Assert.IsEmpty(layer.ListWeights(input));
            }
        }
    }

    [TestMethod]
    public void AutomaticNames_AreThoseOfKeras() => CollectionAssert.AreEqual(
        (string[])["leaky_re_lu_1", "elu_1", "leaky_re_lu_2"],
        new Sequential(TensorShape.Vector(3)) { new LeakyReLU(), new ELU(), new LeakyReLU(0) }.Plan()
            .Select(layer => layer.Name).ToArray());

    [TestMethod]
    public void Constructor_Defaults_AreThoseOfKeras()
    {
        Assert.AreEqual(0.3, new LeakyReLU().NegativeSlope);
        Assert.AreEqual(1, new ELU().Alpha);
    }

    [TestMethod]
    [DataRow(-0.1)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void Constructor_NumberOutOfRange_IsRefused(double value)
    {
        Assert.Contains("negativeSlope", Assert.ThrowsExactly<AlexNetException>(() => new LeakyReLU(value)).Message);
        Assert.Contains("alpha", Assert.ThrowsExactly<AlexNetException>(() => new ELU(value)).Message);
    }
}
