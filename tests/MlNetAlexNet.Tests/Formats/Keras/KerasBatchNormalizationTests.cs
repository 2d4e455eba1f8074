using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using PureHDF;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Batch normalization in files written down by hand: a layer of its own, with each value in its place.</summary>
[TestClass]
public sealed class KerasBatchNormalizationTests
{
    private static readonly H5WriteOptions s_options = new(PreferCompactDatasetLayout: false);

    // The second one is of a flattened picture of 1 x 2 pixels with 2 channels.
    private const string Configuration =
        """{"class_name":"Sequential","config":{"name":"s","layers":[{"class_name":"InputLayer","config":{"batch_shape":[null,1,2,1],"name":"in"}},""" +
        """{"class_name":"Conv2D","config":{"name":"c","filters":2,"kernel_size":[1,1],"use_bias":false}},""" +
        """{"class_name":"BatchNormalization","config":{"name":"n","axis":3,"epsilon":0.75,"momentum":0.9}},""" +
        """{"class_name":"Flatten","config":{"name":"f"}},""" +
        """{"class_name":"BatchNormalization","config":{"name":"m","axis":-1,"epsilon":1.0,"scale":false}},""" +
        """{"class_name":"Dense","config":{"name":"d","units":1}}]}}""";

    [TestMethod]
    public void Read_OfAModel_IsALayerOfItsOwn()
    {
        var file = new H5File
        {
            ["model_weights"] = new H5Group
            {
                ["c"] = Layer("c", ("kernel", [1, 1, 1, 2], [3, 5])),
                ["n"] = Layer("n", ("gamma", [2], [2, 4]), ("beta", [2], [10, 20]), ("moving_mean", [2], [1, 2]), ("moving_variance", [2], [6, 7])),
                ["m"] = Layer("m", ("beta", [4], [11, 12, 21, 22]), ("moving_mean", [4], [1, 2, 3, 4]), ("moving_variance", [4], [5, 6, 7, 8])),
                ["d"] = Layer("d", ("kernel", [4, 1], [6, 7, 8, 9]), ("bias", [1], [4])),
            },
        };
        file.Attributes["model_config"] = Configuration;
        ((H5Group)file["model_weights"]).Attributes["layer_names"] = new[] { "c", "n", "m", "d" };
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.h5");
        file.Write(path, s_options);

        AssertRead(KerasFile.Read(path));
    }

    [TestMethod]
    public void Read_OfVariablesOfKeras3_IsALayerOfItsOwn()
    {
        var file = new H5File
        {
            ["layers"] = new H5Group
            {
                ["conv2d"] = Variables(new float[1, 1, 1, 2] { { { { 3, 5 } } } }),
                ["batch_normalization"] = Variables(new float[] { 2, 4 }, new float[] { 10, 20 }, new float[] { 1, 2 }, new float[] { 6, 7 }),
                ["batch_normalization_1"] = Variables(new float[] { 11, 12, 21, 22 }, new float[] { 1, 2, 3, 4 }, new float[] { 5, 6, 7, 8 }),
                ["dense"] = Variables(new float[4, 1] { { 6 }, { 7 }, { 8 }, { 9 } }, new float[] { 4 }),
            },
        };
        using var folder = new TemporaryFolder();
        using (var zip = System.IO.Compression.ZipFile.Open(Path.Combine(folder.Path, "model.keras"), System.IO.Compression.ZipArchiveMode.Create))
        {
            using (var json = new StreamWriter(zip.CreateEntry("config.json").Open()))
                json.Write(Configuration);
            var path = Path.Combine(folder.Path, "weights.h5");
            file.Write(path, s_options);
            using var entry = zip.CreateEntry("model.weights.h5").Open(); // compressed
            entry.Write(File.ReadAllBytes(path));
        }

        AssertRead(KerasFile.Read(Path.Combine(folder.Path, "model.keras")));
        AssertRead(KerasFile.ReadWeights(Path.Combine(folder.Path, "weights.h5"), Configuration));
    }

    private static H5Group Layer(string name, params (string Name, ulong[] Dimensions, float[] Values)[] variables)
    {
        var inner = new H5Group();
        foreach (var (variable, dimensions, values) in variables)
            inner[$"{variable}:0"] = new H5Dataset(values, fileDims: dimensions);
        var group = new H5Group { [name] = inner };
        group.Attributes["weight_names"] = variables.Select(variable => $"{name}/{variable.Name}:0").ToArray();
        return group;
    }

    private static H5Group Variables(params Array[] values)
    {
        var group = new H5Group();
        for (var i = 0; i < values.Length; i++)
            group[$"{i}"] = values[i];
        return new H5Group { ["vars"] = group };
    }

    // Keras flattens pixel by pixel (pixel 1: channels 1, 2; pixel 2: channels 1, 2), we channel by channel.
    private static void AssertRead(ModelFileContent model)
    {
        CollectionAssert.AreEqual(
            new Layer[]
            {
                new Conv2D(2, 1, useBias: false) { Name = "c" },
                new BatchNormalization(momentum: 0.9, epsilon: 0.75) { Name = "n" },
                new Flatten { Name = "f" },
                new BatchNormalization(epsilon: 1, scale: false) { Name = "m" },
                new Dense(1) { Name = "d" },
            },
            model.Plan.Select(layer => layer.Layer).ToArray());
        AssertWeight(model, "n/gamma", 2, 4);
        AssertWeight(model, "n/beta", 10, 20);
        AssertWeight(model, "n/moving_mean", 1, 2);
        AssertWeight(model, "n/moving_variance", 6, 7);
        AssertWeight(model, "m/beta", 11, 21, 12, 22);
        AssertWeight(model, "m/moving_mean", 1, 3, 2, 4);
        AssertWeight(model, "m/moving_variance", 5, 7, 6, 8);
        AssertWeight(model, "d/kernel", 6, 8, 7, 9);
        Assert.IsEmpty(model.Ignored);
    }

    private static void AssertWeight(ModelFileContent model, string key, params float[] values) =>
        CollectionAssert.AreEqual(values, model.Weights[key].Values, key);
}
