using MlNetAlexNet.Formats.Keras;
using PureHDF;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Weights of 16 and 64 bits, and layers that compute in them.</summary>
[TestClass]
public sealed class KerasPrecisionTests
{
    private const string Configuration = """
        {"class_name":"Sequential","config":{"name":"s","layers":[
          {"class_name":"Dense","config":{"name":"d","units":2,"use_bias":false,"dtype":"PRECISION","batch_input_shape":[null,2]}}]}}
        """;

    // 1/3 in 32 bits; what is too small for them is 0.
    [TestMethod]
    public void Read_OfDoubles_RoundsThemAndSaysSo()
    {
        var model = Read(new[,] { { 1.0 / 3, 2 }, { 1e-300, -4 } }, "float64");

        CollectionAssert.AreEqual(new[] { 1f / 3, 0, 2, -4 }, model.Weights["d/kernel"].Values);
        CollectionAssert.AreEqual(
            new[] { "32-bit floats where the file has float64", "float64 weights rounded to 32 bits" }, model.Assumed.ToArray());
    }

    [TestMethod]
    public void Read_OfHalves_WidensThem()
    {
        var model = Read(new[,] { { (Half)0.5, (Half)65504 }, { (Half)(-2), (Half)0 } }, "float16");

        CollectionAssert.AreEqual(new[] { 0.5f, -2, 65504, 0 }, model.Weights["d/kernel"].Values);
        CollectionAssert.AreEqual(new[] { "32-bit floats where the file has float16" }, model.Assumed.ToArray());
    }

    [TestMethod]
    public void Read_OfMixedPrecision_SaysSo() => StringAssert.Contains(
        Read(new float[2, 2], "mixed_float16").Assumed.Single(), "mixed_float16");

    [TestMethod]
    public void Read_OfWholeNumbers_IsRefused() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => Read(new int[2, 2], "float32")).Message, "only floats of");

    private static MlNetAlexNet.Formats.ModelFileContent Read(Array kernel, string precision)
    {
        var file = new H5File
        {
            ["layers"] = new H5Group { ["dense"] = new H5Group { ["vars"] = new H5Group { ["0"] = kernel } } },
        };
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.weights.h5");
        file.Write(path, new H5WriteOptions(PreferCompactDatasetLayout: false));
        return KerasFile.ReadWeights(path, Configuration.Replace("PRECISION", precision, StringComparison.Ordinal));
    }
}
