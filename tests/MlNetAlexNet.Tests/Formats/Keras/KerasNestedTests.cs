using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using PureHDF;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Models inside models, in files written down by hand as Keras lays them out.</summary>
[TestClass]
public sealed class KerasNestedTests
{
    private static readonly H5WriteOptions s_options = new(PreferCompactDatasetLayout: false);

    // Two models that both have a 'dense', one of them in a third; the first is called with training=False.
    private const string Configuration = """
        {"class_name":"Functional","config":{"name":"m","layers":[
          {"class_name":"InputLayer","name":"in","config":{"name":"in","batch_input_shape":[null,1,1,2]},"inbound_nodes":[]},
          {"class_name":"Flatten","name":"flat","config":{"name":"flat"},"inbound_nodes":[[["in",0,0,{}]]]},
          {"class_name":"Functional","name":"a","config":{"name":"a","layers":[
            {"class_name":"InputLayer","name":"ain","config":{"name":"ain","batch_input_shape":[null,2]},"inbound_nodes":[]},
            {"class_name":"Dense","name":"dense","config":{"name":"dense","units":2,"use_bias":false},"inbound_nodes":[[["ain",0,0,{}]]]},
            {"class_name":"BatchNormalization","name":"norm","config":{"name":"norm","axis":[1],"scale":false},"inbound_nodes":[[["dense",0,0,{}]]]}
          ],"input_layers":[["ain",0,0]],"output_layers":[["norm",0,0]]},"inbound_nodes":[[["flat",0,0,{"training":false}]]]},
          {"class_name":"Sequential","name":"b","config":{"name":"b","layers":[
            {"class_name":"InputLayer","config":{"name":"bin","batch_input_shape":[null,2]}},
            {"class_name":"Sequential","config":{"name":"c","layers":[
              {"class_name":"Dense","config":{"name":"dense","units":2,"use_bias":false,"batch_input_shape":[null,2]}}]}},
            {"class_name":"Dense","config":{"name":"head","units":1}}]},"inbound_nodes":[[["a",1,0,{}]]]}
        ],"input_layers":[["in",0,0]],"output_layers":[["b",1,0]]}}
        """;

    private static readonly float[] s_a = [1, 2, 3, 4];
    private static readonly float[] s_c = [5, 6, 7, 8];

    [TestMethod]
    [DataRow("")]
    [DataRow("a/")]
    public void Read_OfAModel_FindsTheWeightsOfEach(string prefix)
    {
        // As Keras lists them: those that are trained, then the others.
        var a = Group(
            ($"{prefix}dense/kernel:0", [2, 2], s_a), ($"{prefix}norm/beta:0", [2], [1, 2]),
            ($"{prefix}norm/moving_mean:0", [2], [3, 4]), ($"{prefix}norm/moving_variance:0", [2], [5, 6]));
        var b = Group(("dense/kernel:0", [2, 2], s_c), ("head/kernel:0", [2, 1], [9, 10]), ("head/bias:0", [1], [11]));

        AssertRead(Read(a, b));
    }

    // Names of another session: 'dense_7' where the configuration has 'dense', and not by layers.
    [TestMethod]
    public void Read_OfOtherNames_TakesEachKindInOrder()
    {
        var a = Group(
            ("dense_7/kernel:0", [2, 2], s_a), ("norm_3/beta:0", [2], [1, 2]),
            ("norm_3/moving_mean:0", [2], [3, 4]), ("norm_3/moving_variance:0", [2], [5, 6]));
        var b = Group(("dense_8/kernel:0", [2, 2], s_c), ("x/kernel:0", [2, 1], [9, 10]), ("x/bias:0", [1], [11]));

        AssertRead(Read(a, b));
    }

    [TestMethod]
    public void Read_OfAWeightTooMany_NamesBoth()
    {
        var a = Group(
            ("dense/kernel:0", [2, 2], s_a), ("norm/gamma:0", [2], [1, 1]), ("norm/beta:0", [2], [1, 2]),
            ("norm/moving_mean:0", [2], [3, 4]), ("norm/moving_variance:0", [2], [5, 6]));
        var b = Group(("dense/kernel:0", [2, 2], s_c), ("head/kernel:0", [2, 1], [9, 10]), ("head/bias:0", [1], [11]));

        var fault = Assert.ThrowsExactly<AlexNetException>(() => Read(a, b));

        StringAssert.Contains(fault.Message, "1 weights called gamma (a); the stack has 0 (none)");
    }

    [TestMethod]
    public void ReadWeights_OfVariablesOfKeras3_FindsThemInTheirGroups()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.weights.h5");
        Variables(extra: false).Write(path, s_options);

        AssertRead(KerasFile.ReadWeights(path, Configuration));
    }

    [TestMethod]
    public void ReadWeights_OfALayerTooManyInside_NamesIt()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.weights.h5");
        Variables(extra: true).Write(path, s_options);

        var fault = Assert.ThrowsExactly<AlexNetException>(() => KerasFile.ReadWeights(path, Configuration));

        StringAssert.Contains(fault.Message, "sequential/layers/conv2d");
    }

    // Sixteen levels, each in the next.
    [TestMethod]
    public void Parse_OfManyLevels_UnrollsAll()
    {
        var model = """{"class_name":"Dense","config":{"name":"d","units":3,"batch_input_shape":[null,1,1,2]}}""";
        for (var level = 0; level < 14; level++)
            model = $$$"""{"class_name":"Sequential","config":{"name":"level{{{level}}}","layers":[{{{model}}}]}}""";

        var fault = Assert.ThrowsExactly<AlexNetException>(() => KerasConfig.Parse(model));
        StringAssert.Contains(fault.Message, "Flatten", "a Dense over a picture: the shape came through");

        var plan = KerasConfig.Parse(model.Replace("[null,1,1,2]", "[null,2]", StringComparison.Ordinal)).Plan();
        Assert.AreEqual(new Dense(3) { Name = "d" }, plan.Single().Layer);
    }

    private static ModelFileContent Read(H5Group a, H5Group b)
    {
        var file = new H5File { ["model_weights"] = new H5Group { ["a"] = a, ["b"] = b } };
        file.Attributes["model_config"] = Configuration;
        ((H5Group)file["model_weights"]).Attributes["layer_names"] = new[] { "a", "b" };
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.h5");
        file.Write(path, s_options);
        return KerasFile.Read(path);
    }

    private static H5Group Group(params (string Name, ulong[] Dimensions, float[] Values)[] variables)
    {
        var group = new H5Group();
        foreach (var (name, dimensions, values) in variables)
        {
            var parts = name.Split('/');
            var inner = group;
            foreach (var part in parts[..^1])
            {
                if (!inner.ContainsKey(part))
                    inner[part] = new H5Group();
                inner = (H5Group)inner[part];
            }

            inner[parts[^1]] = new H5Dataset(values, fileDims: dimensions);
        }

        group.Attributes["weight_names"] = variables.Select(variable => variable.Name).ToArray();
        return group;
    }

    private static H5File Variables(bool extra)
    {
        var inside = new H5Group
        {
            ["sequential"] = new H5Group { ["layers"] = new H5Group { ["dense"] = Layer(new float[,] { { 5, 6 }, { 7, 8 } }) } },
            ["dense"] = Layer(new float[,] { { 9 }, { 10 } }, new float[] { 11 }),
        };
        if (extra)
            inside["conv2d"] = Layer(new float[] { 1 });
        return new H5File
        {
            ["layers"] = new H5Group
            {
                ["flatten"] = new H5Group { ["vars"] = new H5Group() },
                ["functional"] = new H5Group
                {
                    ["layers"] = new H5Group
                    {
                        ["dense"] = Layer(new float[,] { { 1, 2 }, { 3, 4 } }),
                        ["batch_normalization"] = Layer(new float[] { 1, 2 }, new float[] { 3, 4 }, new float[] { 5, 6 }),
                    },
                },
                ["sequential"] = new H5Group { ["layers"] = inside },
            },
        };
    }

    private static H5Group Layer(params Array[] values)
    {
        var group = new H5Group();
        for (var i = 0; i < values.Length; i++)
            group[$"{i}"] = values[i];
        return new H5Group { ["vars"] = group };
    }

    // A name that is taken has its models' before it. Kernels are units x inputs here.
    private static void AssertRead(ModelFileContent model)
    {
        CollectionAssert.AreEqual(
            new[] { "flat", "dense", "norm", "b_c_dense", "head" }, model.Plan.Select(layer => layer.Name).ToArray());
        AssertWeight(model, "dense/kernel", 1, 3, 2, 4);
        AssertWeight(model, "norm/beta", 1, 2);
        AssertWeight(model, "norm/moving_mean", 3, 4);
        AssertWeight(model, "norm/moving_variance", 5, 6);
        AssertWeight(model, "b_c_dense/kernel", 5, 7, 6, 8);
        AssertWeight(model, "head/kernel", 9, 10);
        AssertWeight(model, "head/bias", 11);
        Assert.IsEmpty(model.Ignored);
    }

    private static void AssertWeight(ModelFileContent model, string key, params float[] values) =>
        CollectionAssert.AreEqual(values, model.Weights[key].Values, key);
}
