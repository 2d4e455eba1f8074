using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Formats.Safetensors;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Formats.PyTorch;

/// <summary>Which tensor is which weight: names with anything before them, batch normalization, order and shape.</summary>
[TestClass]
public sealed class StateDictFitTests
{
    private const int Filters = 4;

    private static readonly int[] s_widths = [4, 8, 16, 8, 8];
    private static readonly int[] s_kernels = [11, 5, 3, 3, 3];

    /// <summary>Two convolutions and two dense layers, each but the last normalized.</summary>
    private static LayerPlan Normalized() => new Sequential(TensorShape.Image(6, 6, 3))
    {
        new Conv2D(Filters, 3), new BatchNormalization(), new ActivationLayer(Activation.Relu),
        new Conv2D(Filters, 3, activation: Activation.Relu), new BatchNormalization(),
        new Flatten(),
        new Dense(Filters, useBias: false), new BatchNormalization(), new ActivationLayer(Activation.Relu),
        new Dense(3, Activation.Softmax),
    }.Plan();

    [TestMethod]
    public void Read_OneOutput_EndsInALogit()
    {
        var stack = KerasConfig.ReadFile(Expected.Torch("batchnorm-1.stack.json")).Plan();
        var softmax = stack.Rewrite(layer => layer.Layer is Dense { Units: 1 } last ? last with { Activation = Activation.Softmax } : layer.Layer);

        var read = PyTorchFile.Read(Expected.Torch("one_logit.pth"), softmax);

        Assert.AreEqual(Activation.Linear, ((Dense)read.Plan[^1].Layer).Activation);
    }

    [TestMethod]
    [DataRow("numpy-values.pth")]
    [DataRow("numpy-values-protocol4.pth")]
    [DataRow("numpy-values-legacy.pth")]
    public void Read_CheckpointWithNumPysValues_TakesThemAsData(string file)
    {
        var plan = new Sequential(TensorShape.Image(1, 1, 3)) { new Flatten(), new Dense(2) }.Plan();

        var read = PyTorchFile.Read(Expected.Torch(file), plan);

        CollectionAssert.AreEqual(
            Enumerable.Range(0, 6).Select(i => (float)(i / 3.0)).ToArray(), read.Weights["dense_1/kernel"].Values);
        CollectionAssert.IsSubsetOf(new[] { "best_acc1", "hist", "dt", "args" }, read.Ignored.ToArray());
        StringAssert.Contains(read.Assumed[^1], "float64 weights rounded");
    }

    [TestMethod]
    [DataRow("features.module.{0}", "classifier.{0}")]
    [DataRow("module.features.{0}", "module.classifier.{0}")]
    [DataRow("_orig_mod.module.features.{0}", "_orig_mod.module.classifier.{0}")]
    [DataRow("net.backbone.features.{0}", "net.head.classifier.{0}")]
    [DataRow("model.features.{0}.conv", "model.classifier.{0}.linear")]
    public void Read_NamesWithSomethingBeforeOrWithin_AreTorchvisions(string features, string classifier)
    {
        using var folder = new TemporaryFolder();

        var read = PyTorchFile.Read(StateDictFile.Write(folder, Torchvision(features, classifier)));

        Assert.IsTrue(TorchvisionLayout.Fits(read.Plan));
        Assert.AreEqual(3, read.Plan.Output.Channels);
        CollectionAssert.AreEqual(new[] { "torchvision's stack" }, read.Assumed.ToArray());
    }

    [TestMethod]
    public void Read_DataParallelFeatures_AreTorchvisions() =>
        Assert.IsTrue(TorchvisionLayout.Fits(SafetensorsFile.Read(Expected.Torch("dataparallel-features.safetensors")).Plan));

    [TestMethod]
    public void Read_TwoNetworksInOneFile_AreRefused()
    {
        using var folder = new TemporaryFolder();
        var file = StateDictFile.Write(
            folder,
            [.. Torchvision("student.features.{0}", "student.classifier.{0}"), .. Torchvision("teacher.features.{0}", "teacher.classifier.{0}")]);

        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => PyTorchFile.Read(file)).Message, "Give the stack");
    }

    [TestMethod]
    [DataRow(1, DisplayName = "before the activation")]
    [DataRow(2, DisplayName = "after it")]
    public void Read_TorchvisionsNamesWithNormalizationBetween_AreRecognised(int behind)
    {
        using var folder = new TemporaryFolder();

        var read = PyTorchFile.Read(StateDictFile.Write(folder, NormalizedTorchvision(behind)));

        read.Weights.RequireFit(read.Plan);
        Assert.AreEqual(5, read.Plan.Count(layer => layer.Layer is BatchNormalization { Epsilon: 1e-5, Momentum: 0.9 }));
        Assert.AreEqual(behind == 2, read.Plan[0].Layer is Conv2D { Activation: Activation.Relu });
        Assert.IsTrue(read.Plan[1].Layer is BatchNormalization);
        StringAssert.Contains(read.Assumed[0], "epsilon of 1e-5");

        // and back out under the same names
        var again = Path.Combine(folder.Path, "again.pth");
        PyTorchFile.Write(read.Plan, read.Weights, again);
        var back = PyTorchFile.Read(again);
        CollectionAssert.AreEqual(read.Plan.Select(layer => layer.Layer).ToArray(), back.Plan.Select(layer => layer.Layer).ToArray());
        SameWeights.Assert(read.Weights, back.Weights);
    }

    [TestMethod]
    public void Read_NormalizationInAStackWithout_IsPutWhereTheFileHasIt()
    {
        using var folder = new TemporaryFolder();
        var widths = new Queue<int>(s_widths);
        var preset = AlexNet.Torchvision(3).Plan().Rewrite(layer => layer.Layer switch
        {
            Conv2D conv => conv with { Filters = widths.Dequeue() },
            Dense { Units: 4096 } dense => dense with { Units = 8 },
            var other => other,
        });

        var read = PyTorchFile.Read(StateDictFile.Write(folder, NormalizedTorchvision(2)), preset);

        Assert.AreEqual(5, read.Plan.Count(layer => layer.Layer is BatchNormalization));
        Assert.IsTrue(read.Plan[0].Layer is Conv2D { Activation: Activation.Relu, UseBias: false } && read.Plan[1].Layer is BatchNormalization);
        StringAssert.Contains(read.Assumed[0], "where the file has it");
    }

    [TestMethod]
    public void Read_NormalizationWithoutALayerOfItsOwn_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var plan = new Sequential(TensorShape.Image(6, 6, 3)) { new Conv2D(2, 3), new Flatten(), new Dense(2) }.Plan();

        var fault = Assert.ThrowsExactly<AlexNetException>(() => PyTorchFile.Read(
            StateDictFile.Write(folder, [("conv.weight", [2, 3, 3, 3]), .. Norm("bn1", 2), .. Norm("bn2", 2), ("fc.weight", [2, 32])]), plan));

        StringAssert.Contains(fault.Message, "'bn2'");
    }

    [TestMethod]
    public void Read_NormalizationDeclaredAfterAllOthers_GoesByKindAndShape()
    {
        using var folder = new TemporaryFolder();
        var file = StateDictFile.Write(folder,
        [
            ("conv1.weight", [4, 3, 3, 3]), ("conv1.bias", [4]), ("conv2.weight", [4, 4, 3, 3]), ("conv2.bias", [4]),
            ("fc1.weight", [4, 16]), ("fc2.weight", [3, 4]), ("fc2.bias", [3]), .. Norm("bn1", 4), .. Norm("bn2", 4), .. Norm("bn3", 4),
        ]);

        var read = PyTorchFile.Read(file, Normalized());

        read.Weights.RequireFit(read.Plan);
        Assert.AreEqual(108 + 4 + 144 + 4 + 64 + 12 + 3 + 1, read.Weights["batch_normalization_1/gamma"].Values[0]);
        Assert.AreEqual(108 + 4 + 144 + 4 + 64 + 12 + 3 + 32 + 5, read.Weights["batch_normalization_3/beta"].Values[0]);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Write_BatchNormalization_IsWhatPyTorchsLoaderWants(bool safetensors)
    {
        using var folder = new TemporaryFolder();
        var plan = Normalized().Rewrite(layer =>
            layer.Layer is BatchNormalization norm && layer.Name.EndsWith('3') ? norm with { Scale = false, Center = false } : layer.Layer);
        var weights = WeightInitializer.HeNormal(plan, new Random(1));
        var path = Path.Combine(folder.Path, safetensors ? "a.safetensors" : "a.pth");

        if (safetensors)
            SafetensorsFile.Write(plan, weights, path);
        else
            PyTorchFile.Write(plan, weights, path);

        var back = safetensors ? SafetensorsFile.Read(path, plan) : PyTorchFile.Read(path, plan);
        SameWeights.Assert(weights, back.Weights);
        var text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(path));
        foreach (var part in (string[])["weight", "bias", "running_mean", "running_var", "num_batches_tracked"])
            StringAssert.Contains(text, $"batch_normalization_3.{part}");
        StringAssert.Contains(text, safetensors ? "\"I64\"" : "LongStorage");
    }

    // A module of the user's own: what it does with the vector is not known.
    [TestMethod]
    public void Read_AVectorThatIsNoBias_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var plan = new Sequential(TensorShape.Image(1, 1, 2)) { new Flatten(), new Dense(2) }.Plan();

        var fault = Assert.ThrowsExactly<AlexNetException>(() => PyTorchFile.Read(
            StateDictFile.Write(folder, [("fc.weight", [2, 2]), ("fc.scale", [2])]), plan));

        StringAssert.Contains(fault.Message, "'fc.scale' (2)");
    }

    [TestMethod]
    public void Read_FactorsThatTheStackLacks_AreRefusedUnlessTheyAreOne()
    {
        using var folder = new TemporaryFolder();
        var plan = new Sequential(TensorShape.Image(1, 1, 2)) { new Flatten(), new BatchNormalization(scale: false), new Dense(2, useBias: false) }.Plan();

        var fault = Assert.ThrowsExactly<AlexNetException>(() => PyTorchFile.Read(
            StateDictFile.Write(folder, [.. Norm("bn", 2), ("fc.weight", [2, 2])]), plan));

        StringAssert.Contains(fault.Message, "'bn.weight' (2)");
    }

    [TestMethod]
    public void Read_NormalizationWithoutFactors_HasOnesAndZeros()
    {
        using var folder = new TemporaryFolder();
        var plan = new Sequential(TensorShape.Image(1, 1, 2)) { new Flatten(), new BatchNormalization(), new Dense(2, useBias: false) }.Plan();

        var read = PyTorchFile.Read(StateDictFile.Write(folder, [.. Norm("bn", 2)[2..], ("fc.weight", [2, 2])]), plan);

        CollectionAssert.AreEqual(new float[] { 1, 1 }, read.Weights["batch_normalization_1/gamma"].Values);
        CollectionAssert.AreEqual(new float[] { 0, 0 }, read.Weights["batch_normalization_1/beta"].Values);
    }

    [TestMethod]
    public void Read_NamesSortedThatTellNoOrderOfNormalization_AreRefused()
    {
        using var folder = new TemporaryFolder();
        var plan = Normalized();
        var path = Path.Combine(folder.Path, "a.safetensors");
        var names = new Dictionary<string, string> { ["batch_normalization_1"] = "first", ["batch_normalization_2"] = "second" };
        SafetensorsFile.Write(
            plan.Rewrite(layer => layer.Layer with { Name = names.GetValueOrDefault(layer.Name, layer.Name.Replace("_", "", StringComparison.Ordinal)) }),
            Renamed(WeightInitializer.HeNormal(plan, new Random(1)), names),
            path);

        var fault = Assert.ThrowsExactly<AlexNetException>(() => SafetensorsFile.Read(path, plan));

        StringAssert.Contains(fault.Message, "'first.weight' (4)");
        StringAssert.Contains(fault.Message, "no order");
    }

    [TestMethod]
    public void Read_ManyModulesOfOneShape_TakesNoLongTime()
    {
        using var folder = new TemporaryFolder();
        var plan = new Sequential(TensorShape.Image(1, 1, 1)) { new Flatten(), new Dense(1, useBias: false) }.Plan();
        var file = StateDictFile.Write(folder, [.. Enumerable.Range(0, 20_000).Select(i => ($"a{i}.weight", (int[])[1, 1]))]);
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Assert.ThrowsExactly<AlexNetException>(() => PyTorchFile.Read(file, plan));

        Assert.IsLessThan(10, watch.Elapsed.TotalSeconds);
    }

    private static WeightSet Renamed(WeightSet weights, Dictionary<string, string> names) => new(weights.Select(weight =>
    {
        var (layer, part) = (weight.Key.Split('/')[0], weight.Key.Split('/')[1]);
        return KeyValuePair.Create($"{names.GetValueOrDefault(layer, layer.Replace("_", "", StringComparison.Ordinal))}/{part}", weight.Value);
    }));

    private static (string, int[])[] Norm(string name, int channels) =>
    [
        ($"{name}.weight", [channels]), ($"{name}.bias", [channels]), ($"{name}.running_mean", [channels]), ($"{name}.running_var", [channels]),
    ];

    private static (string, int[])[] Torchvision(string features, string classifier)
    {
        var tensors = new List<(string, int[])>();
        foreach (var (number, i) in ((int[])[0, 3, 6, 8, 10]).Select((number, i) => (number, i)))
        {
            var name = string.Format(null, features, number);
            tensors.Add(($"{name}.weight", [s_widths[i], i == 0 ? 3 : s_widths[i - 1], s_kernels[i], s_kernels[i]]));
            tensors.Add(($"{name}.bias", [s_widths[i]]));
        }

        foreach (var (number, inputs, outputs) in (IEnumerable<(int, int, int)>)[(1, 8 * 36, 8), (4, 8, 8), (6, 8, 3)])
        {
            var name = string.Format(null, classifier, number);
            tensors.AddRange(($"{name}.weight", [outputs, inputs]), ($"{name}.bias", [outputs]));
        }

        return [.. tensors];
    }

    // As torchvision's vgg11_bn: each convolution, without bias, has a normalization behind it or behind its ReLU.
    private static (string, int[])[] NormalizedTorchvision(int behind)
    {
        var tensors = new List<(string, int[])>();
        var number = 0;
        for (var i = 0; i < 5; i++)
        {
            tensors.Add(($"features.{number}.weight", [s_widths[i], i == 0 ? 3 : s_widths[i - 1], s_kernels[i], s_kernels[i]]));
            tensors.AddRange(Norm($"features.{number + behind}", s_widths[i]));
            number += i is 0 or 1 ? 4 : 3;
        }

        return [.. tensors, .. Torchvision("features.{0}", "classifier.{0}")[10..]];
    }
}
