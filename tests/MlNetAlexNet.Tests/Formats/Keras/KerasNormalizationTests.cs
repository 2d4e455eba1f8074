using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using PureHDF;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Batch normalization in files written down by hand, worked into the layer before it by hand arithmetic.</summary>
[TestClass]
public sealed class KerasNormalizationTests
{
    private static readonly H5WriteOptions s_options = new(PreferCompactDatasetLayout: false);

    private const string Configuration =
        """{"class_name":"Sequential","config":{"name":"s","layers":[{"class_name":"InputLayer","config":{"batch_shape":[null,1,1,1],"name":"in"}},""" +
        """{"class_name":"Conv2D","config":{"name":"c","filters":2,"kernel_size":[1,1],"use_bias":false}},""" +
        """{"class_name":"BatchNormalization","config":{"name":"n","axis":3,"epsilon":0.75,"momentum":0.9}},""" +
        """{"class_name":"Activation","config":{"name":"r","activation":"relu"}},{"class_name":"Flatten","config":{"name":"f"}},""" +
        """{"class_name":"Dense","config":{"name":"d","units":1}},""" +
        """{"class_name":"BatchNormalization","config":{"name":"m","axis":-1,"epsilon":1.0,"scale":false,"center":false}}]}}""";

    [TestMethod]
    public void Read_OfAModel_FoldsIt()
    {
        var file = new H5File
        {
            ["model_weights"] = new H5Group
            {
                ["c"] = Layer("c", ("kernel", [1, 1, 1, 2], [3, 5])),
                ["n"] = Layer("n", ("gamma", [2], [2, 4]), ("beta", [2], [10, 20]), ("moving_mean", [2], [1, 2]), ("moving_variance", [2], [0.25f, 3.25f])),
                ["d"] = Layer("d", ("kernel", [2, 1], [6, 8]), ("bias", [1], [4])),
                ["m"] = Layer("m", ("moving_mean", [1], [2]), ("moving_variance", [1], [3])),
            },
        };
        file.Attributes["model_config"] = Configuration;
        ((H5Group)file["model_weights"]).Attributes["layer_names"] = new[] { "c", "n", "d", "m" };

        AssertFolded(file, "model.h5");
    }

    [TestMethod]
    public void Read_OfVariablesOfKeras3_FoldsIt()
    {
        var file = new H5File
        {
            ["layers"] = new H5Group
            {
                ["conv2d"] = Variables(new float[1, 1, 1, 2] { { { { 3, 5 } } } }),
                ["batch_normalization"] = Variables(new float[] { 2, 4 }, new float[] { 10, 20 }, new float[] { 1, 2 }, new[] { 0.25f, 3.25f }),
                ["dense"] = Variables(new float[2, 1] { { 6 }, { 8 } }, new float[] { 4 }),
                ["batch_normalization_1"] = Variables(new float[] { 2 }, new float[] { 3 }),
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

        AssertFolded(KerasFile.Read(Path.Combine(folder.Path, "model.keras")));
        AssertFolded(KerasFile.ReadWeights(Path.Combine(folder.Path, "weights.h5"), Configuration));
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

    private static void AssertFolded(H5File file, string name)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);
        file.Write(path, s_options);
        AssertFolded(KerasFile.Read(path));
    }

    // Filter 0: 2 (3 x - 1) / sqrt(0.25 + 0.75) + 10 = 6 x + 8; filter 1: 4 (5 x - 2) / sqrt(4) + 20 = 10 x + 16.
    // Unit: (6 a + 8 b + 4 - 2) / sqrt(3 + 1) = 3 a + 4 b + 1.
    private static void AssertFolded(ModelFileContent model)
    {
        CollectionAssert.AreEqual(new[] { "c", "r", "f", "d" }, model.Plan.Select(layer => layer.Name).ToArray());
        CollectionAssert.AreEqual(new float[] { 6, 10 }, model.Weights["c/kernel"].Values);
        CollectionAssert.AreEqual(new float[] { 8, 16 }, model.Weights["c/bias"].Values);
        CollectionAssert.AreEqual(new float[] { 3, 4 }, model.Weights["d/kernel"].Values);
        CollectionAssert.AreEqual(new float[] { 1 }, model.Weights["d/bias"].Values);
        Assert.IsEmpty(model.Ignored);
    }
}
