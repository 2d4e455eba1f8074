using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class LocalResponseNormalizationTests
{
    // Krizhevsky 2012, section 3.3.
    [TestMethod]
    public void Constructor_NoArguments_IsThePapers()
    {
        var layer = new LocalResponseNormalization();

        Assert.AreEqual(5, layer.Size);
        Assert.AreEqual(1e-4, layer.Alpha);
        Assert.AreEqual(0.75, layer.Beta);
        Assert.AreEqual(2, layer.K);
    }

    [TestMethod]
    public void OutputShape_Image_IsTheImage()
    {
        var image = TensorShape.Image(27, 27, 96);

        Assert.AreEqual(image, new LocalResponseNormalization().ComputeOutputShape(image));
        Assert.ThrowsExactly<AlexNetException>(
            () => new LocalResponseNormalization().ComputeOutputShape(TensorShape.Vector(96)));
    }

    [TestMethod]
    [DataRow(4, 1e-4, 0.75, 2.0, "size 4; it must be odd")]
    [DataRow(-1, 1e-4, 0.75, 2.0, "size -1;")]
    [DataRow(5, -0.5, 0.75, 2.0, "alpha -0.5;")]
    [DataRow(5, 1e-4, double.NaN, 2.0, "beta NaN;")]
    [DataRow(5, 1e-4, 0.75, 0.0, "k 0; it must be above 0.")]
    public void Constructor_NumberOutOfRange_IsRefused(int size, double alpha, double beta, double k, string named) =>
        Assert.Contains(
            named,
            Assert.ThrowsExactly<AlexNetException>(() => new LocalResponseNormalization(size, alpha, beta, k)).Message);
}
