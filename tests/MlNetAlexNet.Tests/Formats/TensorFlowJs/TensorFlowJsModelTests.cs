using System.Text;
using System.Text.Json.Nodes;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.TensorFlowJs;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Formats.TensorFlowJs;

[TestClass]
public sealed class TensorFlowJsModelTests
{
    [TestMethod]
    public void Write_ThenRead_IsTheSameBitForBit()
    {
        var (plan, weights) = Network();
        using var folder = new TemporaryFolder();

        TensorFlowJsModel.Write(plan, weights, folder.Path);
        var read = TensorFlowJsModel.Read(Path.Combine(folder.Path, "model.json"));

        CollectionAssert.AreEqual(plan.Select(layer => layer.Layer).ToArray(), read.Plan.Select(layer => layer.Layer).ToArray());
        Assert.IsEmpty(read.Ignored);
        foreach (var (key, weight) in weights)
            CollectionAssert.AreEqual(weight.Values, read.Weights[key].Values, key);
    }

    // tensorflowjs_converter: 4 MB a shard, the last one shorter.
    [TestMethod]
    public void Write_OfMoreThanFourMegabytes_FillsShards()
    {
        var stack = new Sequential(TensorShape.Image(10, 10, 3)) { new Flatten(), new Dense(4000, Activation.Softmax) };
        using var folder = new TemporaryFolder();

        TensorFlowJsModel.Write(stack.Plan(), WeightInitializer.HeNormal(stack.Plan(), new Random(1)), folder.Path);

        CollectionAssert.AreEquivalent(
            new[] { "model.json", "group1-shard1of2.bin", "group1-shard2of2.bin" },
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray());
        Assert.AreEqual(4 << 20, new FileInfo(Path.Combine(folder.Path, "group1-shard1of2.bin")).Length);
        Assert.AreEqual(301 * 4000 * 4 - (4 << 20), new FileInfo(Path.Combine(folder.Path, "group1-shard2of2.bin")).Length);
        Assert.AreEqual(4000, TensorFlowJsModel.Read(folder.Path).Plan.Output.Channels);
    }

    // Two groups of one channel and two filters each, one pixel: filter f sees channel f / 2 alone.
    [TestMethod]
    public void Ungrouped_ByHand_HasZerosBetweenTheGroups() => CollectionAssert.AreEqual(
        new float[] { 1, 0, 2, 0, 0, 3, 0, 4 }, GroupedConvolution.Ungroup([1, 2, 3, 4], groups: 2, filters: 4, pixels: 1));

    [TestMethod]
    [DataRow("uint8", 0.5, -1.0, new byte[] { 0, 1, 255 }, new[] { -1f, -0.5f, 126.5f })]
    [DataRow("uint16", 0.5, 2.0, new byte[] { 0, 0, 0, 1 }, new[] { 2f, 130f })]
    [DataRow("float16", 1.0, 0.0, new byte[] { 0, 0x3c, 0, 0xc0 }, new[] { 1f, -2f })]
    [DataRow("float32", 1.0, 0.0, new byte[] { 0, 0, 0x80, 0x3f }, new[] { 1f })]
    public void Decode_ByHand_GivesFloats(string type, double scale, double min, byte[] bytes, float[] floats)
    {
        var values = new float[floats.Length];

        new TensorFlowJsWeight("w", [floats.Length], type, scale, min).Decode(values, target => bytes.CopyTo(target));

        CollectionAssert.AreEqual(floats, values);
    }

    [TestMethod]
    public void Read_OfQuantizedWeights_ScalesThem()
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.json", Encoding.UTF8.GetBytes("""
            {"modelTopology":{"class_name":"Sequential","config":{"layers":[
              {"class_name":"Dense","config":{"name":"d","units":2,"use_bias":false,"activation":"softmax","batch_input_shape":[null,2]}}]}},
             "weightsManifest":[{"paths":["a.bin","b.bin"],"weights":[
              {"name":"d/kernel","shape":[2,2],"dtype":"float32","quantization":{"dtype":"uint8","scale":2,"min":-10,"original_dtype":"float32"}}]}]}
            """));
        folder.Write("a.bin", [0, 1, 2]);
        folder.Write("b.bin", [3]);

        CollectionAssert.AreEqual(new[] { -10f, -6f, -8f, -4f }, TensorFlowJsModel.Read(folder.Path).Weights["d/kernel"].Values);
    }

    [TestMethod]
    [DataRow("../group1-shard1of1.bin", "outside")]
    [DataRow("/etc/hostname", "outside")]
    [DataRow("sub/../../x.bin", "outside")]
    [DataRow("", "outside")]
    [DataRow("none.bin", "none.bin")]
    public void Read_OfAShardElsewhere_IsRefused(string shard, string message) => AssertRefused(message, folder =>
        Change(folder, json => json["weightsManifest"]![0]!["paths"]![0] = shard));

    [TestMethod]
    public void Read_OfAShortShard_IsRefused() => AssertRefused("cut short", folder =>
    {
        var path = Path.Combine(folder, "group1-shard1of1.bin");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
    });

    [TestMethod]
    public void Read_OfAWeightLeftOut_IsRefusedByName() => AssertRefused("dense_1/bias", folder =>
        Change(folder, json => ((JsonArray)json["weightsManifest"]![0]!["weights"]!)
            .Single(weight => (string)weight!["name"]! == "dense_1/bias")!["name"] = "other"));

    [TestMethod]
    public void Read_OfAnotherShape_NamesBoth() => AssertRefused("needs 2 x 3", folder =>
        Change(folder, json => ((JsonArray)json["weightsManifest"]![0]!["weights"]!)
            .Single(weight => (string)weight!["name"]! == "dense_2/kernel")!["shape"] = new JsonArray(3, 2)));

    [TestMethod]
    public void Read_OfAGraphModel_IsRefused() => AssertRefused("graph-model", folder =>
        Change(folder, json => json["format"] = "graph-model"));

    [TestMethod]
    public void Write_OfALayerThatKerasLacks_WritesNothing()
    {
        var stack = new Sequential(TensorShape.Image(6, 6, 3))
        {
            new LocalResponseNormalization(), new Flatten(), new Dense(3, Activation.Softmax),
        };
        using var folder = new TemporaryFolder();

        var fault = Assert.ThrowsExactly<AlexNetException>(() => TensorFlowJsModel.Write(
            stack.Plan(), WeightInitializer.HeNormal(stack.Plan(), new Random(1)), Path.Combine(folder.Path, "model")));

        StringAssert.Contains(fault.Message, "local_response_normalization_1");
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void Read_DamagedJson_IsRefusedOrRead()
    {
        var (plan, weights) = Network();
        using var folder = new TemporaryFolder();
        TensorFlowJsModel.Write(plan, weights, folder.Path);
        var whole = File.ReadAllBytes(Path.Combine(folder.Path, "model.json"));
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var bytes = seed % 3 == 0 ? whole[..random.Next(whole.Length)] : whole.ToArray();
            for (var flips = random.Next(1, 6); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(32, 127);
            folder.Write("model.json", bytes);
            try
            {
                TensorFlowJsModel.Read(folder.Path);
            }
            catch (Exception fault) when (fault is not AlexNetException)
            {
                Assert.Fail($"seed {seed}: {fault}");
            }
            catch (AlexNetException)
            {
            }
        }
    }

    // One of three shards short, missing, or twice in the list.
    [TestMethod]
    public void Read_OfShardsThatAreNotWhole_IsRefused()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Expected.TensorFlowJs("bn_after_pool")))
            folder.Write(Path.GetFileName(file), File.ReadAllBytes(file));
        var shard = Path.Combine(folder.Path, "group1-shard2of3.bin");
        var whole = File.ReadAllBytes(shard);

        File.WriteAllBytes(shard, whole[..^4]);
        StringAssert.Contains(Refusal(), "cut short");
        File.WriteAllBytes(shard, [.. whole, 0]);
        StringAssert.Contains(Refusal(), "of another model");
        File.Delete(shard);
        StringAssert.Contains(Refusal(), "group1-shard2of3.bin");
        File.WriteAllBytes(shard, whole);
        Change(folder.Path, json => json["weightsManifest"]![0]!["paths"]![2] = "group1-shard1of3.bin");
        StringAssert.Contains(Refusal(), "shards");

        string Refusal() =>
            Assert.ThrowsExactly<AlexNetException>(() => TensorFlowJsModel.Read(folder.Path)).Message;
    }

    // float16 has neither min nor scale; a group for each weight.
    [TestMethod]
    [DataRow("float16", "", new byte[] { 0, 0x3c, 0, 0xc0 }, new[] { 1f, -2f })]
    [DataRow("uint16", ""","scale":0.5,"min":-1""", new byte[] { 2, 0, 0, 1 }, new[] { 0f, 127f })]
    [DataRow("uint8", ""","scale":0.5,"min":-1""", new byte[] { 2, 255 }, new[] { 0f, 126.5f })]
    public void Read_OfQuantizedGroups_GivesFloats(string type, string scale, byte[] bytes, float[] values)
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.json", Encoding.UTF8.GetBytes($$$"""
            {"format":"layers-model","convertedBy":"TensorFlow.js Converter v4.22.0","modelTopology":{"model_config":{"class_name":"Sequential","config":{"layers":[
              {"class_name":"Dense","config":{"name":"d","units":2,"batch_input_shape":[null,1]} }]} } },
             "weightsManifest":[
               {"paths":["a.bin"],"weights":[{"name":"d/kernel","shape":[1,2],"dtype":"float32","quantization":{"dtype":"{{{type}}}"{{{scale}}},"original_dtype":"float32"} }]},
               {"paths":["b.bin"],"weights":[{"name":"d/bias","shape":[2],"dtype":"float32"}]}]}
            """));
        folder.Write("a.bin", bytes);
        folder.Write("b.bin", new byte[8]);

        CollectionAssert.AreEqual(values, TensorFlowJsModel.Read(folder.Path).Weights["d/kernel"].Values);
    }

    // Models inside the model: the converter has the layer's name alone, TensorFlow.js the models' before it.
    [TestMethod]
    [DataRow("one/dense/kernel", "two/dense/kernel")]
    [DataRow("net/one/dense/kernel:0", "net/two/dense/kernel:0")]
    public void Read_OfModelsInsideTheModel_TellsTheirWeightsApart(string first, string second)
    {
        using var folder = Nested(first, second);

        var model = TensorFlowJsModel.Read(folder.Path);

        CollectionAssert.AreEqual(new[] { 1f }, model.Weights["dense/kernel"].Values);
        CollectionAssert.AreEqual(new[] { 2f }, model.Weights["two_dense/kernel"].Values);
    }

    [TestMethod]
    public void Read_OfModelsWhoseWeightsCannotBeToldApart_IsRefused()
    {
        using var folder = Nested("dense/kernel", "x/dense/kernel");

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => TensorFlowJsModel.Read(folder.Path)).Message, "dense/kernel");
    }

    private static TemporaryFolder Nested(string first, string second)
    {
        var folder = new TemporaryFolder();
        const string dense = """{"class_name":"Dense","config":{"name":"dense","units":1,"use_bias":false,"batch_input_shape":[null,1]}}""";
        folder.Write("model.json", Encoding.UTF8.GetBytes($$$"""
            {"modelTopology":{"class_name":"Sequential","config":{"layers":[
              {"class_name":"Sequential","config":{"name":"one","layers":[{{{dense}}}]} },
              {"class_name":"Sequential","config":{"name":"two","layers":[{{{dense}}}]} }]} },
             "weightsManifest":[{"paths":["a.bin"],"weights":[
               {"name":"{{{first}}}","shape":[1,1],"dtype":"float32"},{"name":"{{{second}}}","shape":[1,1],"dtype":"float32"}]}]}
            """));
        folder.Write("a.bin", [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]);
        return folder;
    }

    [TestMethod]
    public void Write_OfANormalization_ReadsBackExactly()
    {
        var (plan, weights) = Network();
        foreach (var mean in (float[][])[[127.5f, 127.5f, 127.5f], [123.675f, 116.28f, 103.53f], [0, 0, 0]])
        {
            using var folder = new TemporaryFolder();
            var model = new ModelFileContent(plan, weights, Ignored: [])
            {
                Normalization = new(mean, [58.395f, 57.12f, mean[0] == 0 ? 58.395f : 57.375f], "the model"),
            };

            TensorFlowJsModel.Write(model, folder.Path, overwrite: false);
            var read = TensorFlowJsModel.Read(folder.Path);

            CollectionAssert.AreEqual(mean, read.Normalization!.Mean.ToArray());
            CollectionAssert.AreEqual(
                model.Normalization.StandardDeviation.ToArray(), read.Normalization.StandardDeviation.ToArray());
            CollectionAssert.AreEqual(
                plan.Select(layer => layer.Layer).ToArray(), read.Plan.Select(layer => layer.Layer).ToArray());
        }
    }

    // tfjs-layers has ELU with an alpha of 1 alone.
    [TestMethod]
    public void Write_OfELU_IsRefusedUnlessAlphaIsOne()
    {
        using var folder = new TemporaryFolder();
        Write(new ELU());
        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => Write(new ELU(0.5))).Message, "'elu_1' (ELU)");

        void Write(Layer layer)
        {
            var plan = new Sequential(TensorShape.Image(2, 2, 3)) { layer, new Flatten(), new Dense(2) }.Plan();
            TensorFlowJsModel.Write(plan, WeightInitializer.HeNormal(plan, new Random(1)), folder.Path);
        }
    }

    private static (LayerPlan Plan, WeightSet Weights) Network()
    {
        var stack = new Sequential(TensorShape.Image(9, 9, 3))
        {
            new Conv2D(4, 3, strides: 2, padding: Padding.Same, activation: Activation.Relu),
            new MaxPooling2D(2),
            new ZeroPadding2D(1, 0, 2, 3),
            new Conv2D(2, 2, useBias: false, dilation: (1, 2)),
            new ActivationLayer(Activation.Relu),
            new AveragePooling2D(2),
            new Flatten(),
            new Dropout(0.25),
            new Dense(2),
            new Dense(3, Activation.Softmax),
        };
        var plan = stack.Plan();
        return (plan, WeightInitializer.HeNormal(plan, new Random(1)));
    }

    private static void AssertRefused(string message, Action<string> damage)
    {
        var (plan, weights) = Network();
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "model");
        TensorFlowJsModel.Write(plan, weights, model);
        damage(model);

        var fault = Assert.ThrowsExactly<AlexNetException>(() => TensorFlowJsModel.Read(model));

        StringAssert.Contains(fault.Message, message);
    }

    private static void Change(string folder, Action<JsonNode> change)
    {
        var path = Path.Combine(folder, "model.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    [TestMethod]
    public void Write_TwoModelsInAFolder_KeepsBoth()
    {
        var (plan, weights) = Network();
        var others = WeightInitializer.HeNormal(plan, new Random(2));
        using var folder = new TemporaryFolder();
        var (a, b) = (Path.Combine(folder.Path, "a.json"), Path.Combine(folder.Path, "b.json"));

        TensorFlowJsModel.Write(plan, weights, a, overwrite: false);
        TensorFlowJsModel.Write(plan, others, b, overwrite: false);

        SameWeights.Assert(weights, TensorFlowJsModel.Read(a).Weights);
        SameWeights.Assert(others, TensorFlowJsModel.Read(b).Weights);
        Assert.IsTrue(File.Exists(Path.Combine(folder.Path, "b-group1-shard1of1.bin")));
    }

    [TestMethod]
    public void Write_OverShardsOfAnother_IsRefusedUnlessAllowed()
    {
        var (plan, weights) = Network();
        using var folder = new TemporaryFolder();
        var shard = folder.Write("group1-shard1of1.bin", [1, 2, 3]);

        var fault = Assert.ThrowsExactly<AlexNetException>(() =>
            TensorFlowJsModel.Write(plan, weights, folder.Path, overwrite: false));

        StringAssert.Contains(fault.Message, shard);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, File.ReadAllBytes(shard));
        TensorFlowJsModel.Write(plan, weights, folder.Path);
        SameWeights.Assert(weights, TensorFlowJsModel.Read(folder.Path).Weights);
    }

    [TestMethod]
    public void Write_ThatFailsAtAShard_LeavesNoOldModelWithNewShards()
    {
        var (plan, weights) = Network();
        using var folder = new TemporaryFolder();
        TensorFlowJsModel.Write(plan, weights, folder.Path);
        File.Delete(Path.Combine(folder.Path, "group1-shard1of1.bin"));
        folder.Write("group1-shard1of1.bin/in-the-way");

        Assert.ThrowsExactly<AlexNetException>(() => TensorFlowJsModel.Write(plan, weights, folder.Path));

        CollectionAssert.AreEqual(
            new[] { "group1-shard1of1.bin" }, Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void Read_OfAShapeThatOverflows_IsRefused() => AssertRefused("more values", folder =>
        Change(folder, json => json["weightsManifest"]![0]!["weights"]![0]!["shape"] =
            new JsonArray(int.MaxValue, int.MaxValue, int.MaxValue)));

    [TestMethod]
    public void Read_OfAWeightWithoutAName_IsRefused() => AssertRefused("no name", folder =>
        Change(folder, json => json["weightsManifest"]![0]!["weights"]![0]!["name"] = null));
}
