using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using PureHDF;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Layers before the network: those that scale values, as one mean and deviation, and those of training.</summary>
[TestClass]
public sealed class KerasScalingTests
{
    private const string Input = """{"class_name":"InputLayer","config":{"batch_input_shape":[null,2,2,3],"name":"in"}}""";

    // (x - 127.5) / 127.5; its float32 is exact.
    [TestMethod]
    public void Rescaling_ByHand_IsAMeanAndADeviation() => AssertNormalization(
        [127.5f, 127.5f, 127.5f], [127.5f, 127.5f, 127.5f], "the layer 'r'",
        $$$"""{"class_name":"Rescaling","config":{"name":"r","scale":{{{1 / 127.5}}},"offset":-1}}""");

    // 2 x + 1, then (that - 3) / 4 with a variance of 16: (x - 1) / 2.
    [TestMethod]
    public void TwoLayers_ByHand_AreComposedInOrder() => AssertNormalization(
        [1, 1, 1], [2, 2, 2], "the layers 'a' and 'b'",
        """{"class_name":"Rescaling","config":{"name":"a","scale":2,"offset":1}}""",
        """{"class_name":"RandomFlip","config":{"name":"flip","mode":"horizontal"}}""",
        """{"class_name":"Normalization","config":{"name":"b","axis":[3],"mean":[3,3,3],"variance":[16,16,16]}}""");

    // Lists, as Keras' EfficientNet has them; and what Keras 3 makes of numpy arrays.
    [TestMethod]
    public void Rescaling_ByChannel_HasThreeOfEach() => AssertNormalization(
        [-0f, -4, -12], [1, 2, 4], "the layer 'r'",
        """{"class_name":"Rescaling","config":{"name":"r","scale":{"class_name":"__numpy__","config":{"value":[1,0.5,0.25],"dtype":"float64"}},"offset":[0,2,3]}}""");

    // x sqrt(variance) + mean.
    [TestMethod]
    public void Normalization_Inverted_TurnsAround() => AssertNormalization(
        [-1.5f, -1.5f, -1.5f], [0.5f, 0.5f, 0.5f], "the layer 'n'",
        """{"class_name":"Normalization","config":{"name":"n","axis":[],"invert":true,"mean":3,"variance":4}}""");

    // Keras has max(sqrt(variance), 1e-7).
    [TestMethod]
    public void Normalization_OfNoVariance_HasKerasLeast() => AssertNormalization(
        [0, 0, 0], [1e-7f, 1e-7f, 1e-7f], "the layer 'n'",
        """{"class_name":"Normalization","config":{"name":"n","mean":0,"variance":0}}""");

    [TestMethod]
    [DataRow("[3]", 3)]
    [DataRow("[]", 1)]
    public void Normalization_Adapted_IsReadFromTheWeights(string axis, int numbers)
    {
        var mean = new float[] { 10, 20, 30 }[..numbers];
        var variance = new float[] { 4, 9, 16 }[..numbers];
        var file = new H5File
        {
            ["layers"] = new H5Group
            {
                ["normalization"] = new H5Group
                {
                    ["vars"] = numbers == 1
                        ? new H5Group { ["0"] = mean[0], ["1"] = variance[0], ["2"] = 7 }
                        : new H5Group { ["0"] = mean, ["1"] = variance, ["2"] = 7 },
                },
                ["dense"] = new H5Group { ["vars"] = new H5Group { ["0"] = new float[12, 1], ["1"] = new float[1] } },
            },
        };
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.weights.h5");
        file.Write(path, new H5WriteOptions(PreferCompactDatasetLayout: false));

        var model = KerasFile.ReadWeights(
            path, Configuration($$$"""{"class_name":"Normalization","config":{"name":"n","axis":{{{axis}}}}}"""));

        CollectionAssert.AreEqual(new[] { 10f, mean[(numbers - 1) / 2], mean[^1] }, model.Normalization!.Mean.ToArray());
        CollectionAssert.AreEqual(
            new[] { 2f, MathF.Sqrt(variance[(numbers - 1) / 2]), MathF.Sqrt(variance[^1]) },
            model.Normalization.StandardDeviation.ToArray());
    }

    [TestMethod]
    [DataRow("""{"class_name":"Rescaling","config":{"name":"r","scale":-1}}""", "the factor must be above 0")]
    [DataRow("""{"class_name":"Rescaling","config":{"name":"r","scale":0}}""", "the factor must be above 0")]
    [DataRow("""{"class_name":"Rescaling","config":{"name":"r","scale":1e-300}}""", "32 bits")]
    public void Scaling_ThatNoDeviationSays_IsRefused(string layer, string why) => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => Read(layer)).Message, why);

    [TestMethod]
    public void Rescaling_InsideTheNetwork_IsRefusedByName() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => Read(
            """{"class_name":"ZeroPadding2D","config":{"name":"z","padding":1}}""",
            """{"class_name":"Rescaling","config":{"name":"r","scale":2}}""")).Message,
        "'r' (Rescaling) scales values inside the network");

    // Resizing to the size that is there, noise, and what is random: nothing when a picture is scored, and said.
    [TestMethod]
    public void LayersOfTraining_AreLeftOutAndSaid()
    {
        var model = Read(
            """{"class_name":"Resizing","config":{"name":"size","height":2,"width":2,"interpolation":"bilinear","crop_to_aspect_ratio":false}}""",
            """{"class_name":"RandomFlip","config":{"name":"flip","mode":"horizontal","data_format":"channels_last"}}""",
            """{"class_name":"RandomRotation","config":{"name":"turn","factor":[-0.1,0.1],"fill_mode":"reflect"}}""",
            """{"class_name":"GaussianNoise","config":{"name":"noise","stddev":0.1}}""",
            """{"class_name":"SpatialDropout2D","config":{"name":"drop","rate":0.2}}""",
            """{"class_name":"Identity","config":{"name":"same"}}""");

        CollectionAssert.AreEqual(new[] { "f", "d" }, model.Plan.Select(layer => layer.Name).ToArray());
        CollectionAssert.AreEqual(
            new[]
            {
                "size (Resizing)", "flip (RandomFlip)", "turn (RandomRotation)", "noise (GaussianNoise)",
                "drop (SpatialDropout2D)", "same (Identity)",
            },
            model.Ignored.ToArray());
        Assert.IsNull(model.Normalization);
    }

    // The tutorials' resize_and_rescale, in a model that takes every size.
    [TestMethod]
    public void Resizing_OfEverySize_IsTheInputsSizeAndSaid()
    {
        const string every = """{"class_name":"InputLayer","config":{"batch_input_shape":[null,null,null,3],"name":"in"}}""";
        const string resize = """{"class_name":"Resizing","config":{"name":"size","height":2,"width":2}}""";
        const string rescale = """{"class_name":"Rescaling","config":{"name":"r","scale":0.5}}""";

        var model = ReadConfiguration(Configuration(rescale, resize).Replace(Input, every, StringComparison.Ordinal));

        Assert.AreEqual(TensorShape.Image(2, 2, 3), model.Plan.Input);
        CollectionAssert.AreEqual(new[] { 2f, 2f, 2f }, model.Normalization!.StandardDeviation.ToArray());
        StringAssert.Contains(model.Assumed.Single(), "2x2, to which the layer 'size'");
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => ReadConfiguration(Configuration(
                """{"class_name":"Resizing","config":{"name":"size","height":2,"width":2,"crop_to_aspect_ratio":true}}""")
                .Replace(Input, every, StringComparison.Ordinal))).Message,
            "crop_to_aspect_ratio");
    }

    private static void AssertNormalization(float[] mean, float[] deviation, string source, params string[] layers)
    {
        var normalization = Read(layers).Normalization;

        Assert.IsNotNull(normalization);
        CollectionAssert.AreEqual(mean, normalization.Mean.ToArray());
        CollectionAssert.AreEqual(deviation, normalization.StandardDeviation.ToArray());
        Assert.AreEqual(source, normalization.Source);
    }

    private static ModelFileContent Read(params string[] layers) => ReadConfiguration(Configuration(layers));

    private static ModelFileContent ReadConfiguration(string configuration)
    {
        var file = new H5File
        {
            ["layers"] = new H5Group
            {
                ["dense"] = new H5Group { ["vars"] = new H5Group { ["0"] = new float[12, 1], ["1"] = new float[1] } },
            },
        };
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.weights.h5");
        file.Write(path, new H5WriteOptions(PreferCompactDatasetLayout: false));
        return KerasFile.ReadWeights(path, configuration);
    }

    private static string Configuration(params string[] layers) => string.Join(',', [
        """{"class_name":"Sequential","config":{"name":"s","layers":[""" + Input,
        .. layers,
        """{"class_name":"Flatten","config":{"name":"f"}}""",
        """{"class_name":"Dense","config":{"name":"d","units":1}}]}}""",
    ]);
}
