using MlNetAlexNet.Formats.Safetensors;
using MlNetAlexNet.Layers;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Tests.Formats.Keras;
using PureHDF;

namespace MlNetAlexNet.Tests.ModelZips;

/// <summary>What is said beside a file of Keras: its configuration, and what layers of the user's own compute.</summary>
[TestClass]
public sealed class ModelFileKerasTests
{
    [TestMethod]
    public void Read_OfWeightsWithTheirConfiguration_IsTheModel()
    {
        var read = ModelFile.Read(
            Expected.Keras("keras2-nested.weights.h5"),
            new ModelFileOptions { KerasConfiguration = KerasImport.ConfigurationOf("keras2-nested.h5") });

        var whole = ModelFile.Read(Expected.Keras("keras2-nested.h5"));
        SameWeights.Assert(whole.Weights, read.Weights);
        Assert.AreEqual(255, read.Model.Preprocessing.StandardDeviation[0], 1e-4, "the file's Rescaling");
    }

    [TestMethod]
    public void Read_OfLayersOfOnesOwn_TakesWhatIsSaid()
    {
        foreach (var file in (string[])["keras2-custom_lrn.h5", "keras3-custom_lrn.keras"])
        {
            Assert.AreEqual(
                "CustomLayers",
                Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(Expected.Keras(file))).Option);

            var read = ModelFile.Read(
                Expected.Keras(file), new ModelFileOptions { CustomLayers = KerasNetworks.CustomLayers });

            Assert.AreEqual(2, read.Plan.Count(layer => layer.Layer is LocalResponseNormalization { Size: 5, K: 1 }));
        }
    }

    // Another framework's weights: what the configuration says of the values holds, too.
    [TestMethod]
    public void Read_OfOtherWeightsWithAConfiguration_HasItsScaling()
    {
        var plan = new Sequential(TensorShape.Image(4, 4, 3)) { new Flatten(), new Dense(2, Activation.Softmax) }.Plan();
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.safetensors");
        SafetensorsFile.Write(plan, WeightInitializer.HeNormal(plan, new Random(1)), path);
        const string configuration = """
            {"class_name":"Sequential","config":{"layers":[LAYER,
              {"class_name":"Flatten","config":{}},{"class_name":"Dense","config":{"units":2,"activation":"softmax"}}]}}
            """;

        var read = ModelFile.Read(path, With(
            """{"class_name":"Rescaling","config":{"scale":0.5,"offset":1,"batch_input_shape":[null,4,4,3]}}"""));

        CollectionAssert.AreEqual(new[] { 2f, 2f, 2f }, read.Model.Preprocessing.StandardDeviation.ToArray());
        CollectionAssert.AreEqual(new[] { -2f, -2f, -2f }, read.Model.Preprocessing.Mean.ToArray());
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path, With(
                """{"class_name":"Normalization","config":{"name":"n","batch_input_shape":[null,4,4,3]}}"""))).Message,
            "Give it mean and variance");

        static ModelFileOptions With(string layer) =>
            new() { KerasConfiguration = configuration.Replace("LAYER", layer, StringComparison.Ordinal) };
    }

    // A few hundred bytes that state billions of channels, and of classes to be named.
    [TestMethod]
    [DataRow("""{"class_name":"Rescaling","config":{"name":"r","batch_input_shape":[null,1,1,2000000000],"scale":2}}""", "takes 2000000000 channels")]
    [DataRow("""{"class_name":"ZeroPadding2D","config":{"name":"z","batch_input_shape":[null,1,1,3],"padding":10000}}""", "a classifier has 1048576 classes")]
    [DataRow("""{"class_name":"Dropout","config":{"name":"z","batch_input_shape":[null,9,8,3]}}""", "Pictures are square")]
    public void Read_OfSizesThatNoPictureHas_IsRefusedWithTheFile(string layer, string why)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.h5");
        new H5File
        {
            Attributes =
            {
                ["model_config"] = """{"class_name":"Sequential","config":{"layers":[LAYER,{"class_name":"Flatten","config":{}}]}}"""
                    .Replace("LAYER", layer, StringComparison.Ordinal),
            },
            ["model_weights"] = new H5Group { Attributes = { ["layer_names"] = Array.Empty<string>() } },
        }.Write(path);

        var fault = Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path)).Message;

        StringAssert.Contains(fault, why);
        StringAssert.Contains(fault, $"'{path}'");
    }

    [TestMethod]
    public void Read_OfTwoStacks_IsRefused() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(
            Expected.Keras("keras2-nested.weights.h5"),
            new ModelFileOptions
            {
                KerasConfiguration = "{}", Network = new Sequential(TensorShape.Image(4, 4, 3)) { new Flatten() },
            })).Message,
        "KerasConfiguration is a stack");
}
