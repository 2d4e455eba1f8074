using Google.Protobuf;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Formats.Safetensors;
using MlNetAlexNet.Layers;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Tests.Formats.PyTorch;

namespace MlNetAlexNet.Tests.Formats;

/// <summary>Files cut short and with bytes changed, by a seed: they are read or refused, and take no more room than files do.</summary>
[TestClass]
public sealed class DamagedFilesTests
{
    private const int Rounds = 300;
    private const long MostBytes = 64_000_000;

    private static readonly LayerPlan s_plan =
        new Sequential(TensorShape.Image(1, 1, 3)) { new Flatten(), new Dense(4), new Dense(2) }.Plan();

    private static readonly LayerPlan s_normalized =
        new Sequential(TensorShape.Image(1, 1, 3)) { new Flatten(), new Dense(4), new BatchNormalization(), new Dense(2) }.Plan();

    public static IEnumerable<string> Files =>
    [
        ".pth", ".legacy.pth", ".numpy.pth", ".norm.pth", ".safetensors", ".norm.safetensors",
        ".onnx", ".turned.onnx", ".quantized.onnx", ".own.onnx",
    ];

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Read_DamagedFile_IsReadOrRefused(string ending)
    {
        using var folder = new TemporaryFolder();
        var whole = Whole(ending, folder);
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var bytes = seed % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (var flips = random.Next(1, 6); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var file = folder.Write($"a{ending}", bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Read(file);
            }
            catch (AlexNetException)
            {
                // As it should be; a file may also be read still, where only a number has changed.
            }
            catch (Exception fault)
            {
                Assert.Fail($"Seed {seed}: {fault}");
            }

            Assert.IsLessThan(MostBytes, GC.GetAllocatedBytesForCurrentThread() - before, $"Seed {seed} takes too much memory.");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Read_FileCutShort_IsRefused(string ending)
    {
        using var folder = new TemporaryFolder();
        var whole = Whole(ending, folder);
        if (ending is not (".legacy.pth" or ".numpy.pth")) // cut already, and of another stack
            Read(folder.Write($"whole{ending}", whole));
        foreach (var length in Enumerable.Range(0, 20).Select(i => whole.Length * i / 20))
        {
            var file = folder.Write($"a{ending}", whole[..length]);

            Assert.ThrowsExactly<AlexNetException>(() => Read(file), $"{length} of {whole.Length} bytes");
        }
    }

    private static void Read(string file)
    {
        var plan = file.Contains(".norm.", StringComparison.Ordinal) ? s_normalized : s_plan;
        if (file.EndsWith(".quantized.onnx", StringComparison.Ordinal))
            OnnxFile.ToGraph(ModelFile.ReadKept(file, null) ?? ModelFile.Read(file)).ToArray();
        else if (file.EndsWith(".onnx", StringComparison.Ordinal))
            OnnxFile.Read(file);
        else if (file.EndsWith(".safetensors", StringComparison.Ordinal))
            SafetensorsFile.Read(file, plan);
        else
            PyTorchFile.Read(file, file.EndsWith(".legacy.pth", StringComparison.Ordinal) ? null : plan);
    }

    private static byte[] Whole(string ending, TemporaryFolder folder)
    {
        if (ending == ".legacy.pth")
            return File.ReadAllBytes(Expected.Torch("state_dict-legacy.pth"))[..8000];
        if (ending == ".onnx")
            return Foreign().ToByteArray();
        if (ending == ".own.onnx")
            return TinyModel.ToOnnx(TinyModel.Of(new Sequential(TensorShape.Image(5, 5, 3)) { new Conv2D(2, 3), new Flatten(), new Dense(3, Activation.Softmax) }, 6, 1));

        if (ending == ".turned.onnx")
            return Turned().ToByteArray();
        if (ending == ".quantized.onnx")
            return Quantized().ToByteArray();
        if (ending == ".numpy.pth")
            return File.ReadAllBytes(Expected.Torch("numpy-values.pth"));

        var path = Path.Combine(folder.Path, "whole.norm.pth");
        if (ending.Contains(".norm.", StringComparison.Ordinal))
            PyTorchFile.Write(s_normalized, WeightInitializer.HeNormal(s_normalized, new Random(1)), path);
        else
            path = StateDictFile.Write(folder, ("a.weight", [4, 3]), ("a.bias", [4]), ("b.weight", [2, 4]), ("b.bias", [2]));
        if (ending.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            var plan = ending == ".safetensors" ? s_plan : s_normalized;
            var weights = PyTorchFile.Read(path, plan).Weights;
            path = Path.Combine(folder.Path, "whole.safetensors");
            SafetensorsFile.Write(plan, weights, path);
        }

        return File.ReadAllBytes(path);
    }

    // Axes in other orders, weights that are turned, constants at the input.
    private static global::Onnx.ModelProto Turned()
    {
        var graph = new ForeignGraph(TensorShape.Image(4, 4, 3));
        graph.Then("Sub", [graph.Weight(3, 1, 1)]).Then("Div", [graph.Number(0.2f)])
            .Then("Conv", [graph.Weight(4, 3, 3, 3)]).Then("LeakyRelu").Then("Mul", [graph.Weight(4, 1, 1)])
            .Then("Transpose", OnnxGraph.Attribute("perm", 0, 2, 3, 1)).Then("Reshape", [graph.Numbers(-1, 16)]);
        var turned = graph.Beside("Transpose", [graph.Weight(5, 16)], OnnxGraph.Attribute("perm", 1, 0));
        return graph.Then("MatMul", [turned]).Then("Add", [graph.Weight(5)]).Then("Unsqueeze", [graph.Numbers(2)])
            .Then("Squeeze", [graph.Numbers(2)]).Classes(5).ToModel();
    }

    private static global::Onnx.ModelProto Quantized()
    {
        var graph = new ForeignGraph(TensorShape.Image(4, 4, 3));
        var model = graph.Then("QuantizeLinear", [graph.Number(0.1f)]).Then("DequantizeLinear", [graph.Number(0.1f)])
            .Then("Reshape", [graph.Numbers(1, 48)]).Classes(48).ToModel();
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new() { DimValue = 1 };
        model.Graph.Output[0].Type = model.Graph.Input[0].Type.Clone();
        model.Graph.Output[0].Type.TensorType.Shape.Dim.Clear();
        model.Graph.Output[0].Type.TensorType.Shape.Dim.Add(new global::Onnx.TensorShapeProto.Types.Dimension { DimValue = 1 });
        model.Graph.Output[0].Type.TensorType.Shape.Dim.Add(new global::Onnx.TensorShapeProto.Types.Dimension { DimValue = 4 });
        return model;
    }

    private static global::Onnx.ModelProto Foreign()
    {
        var graph = new ForeignGraph(TensorShape.Image(9, 9, 3));
        return graph.Then("Conv", [graph.Weight(4, 3, 3, 3), graph.Weight(4)], OnnxGraph.Attribute("pads", 1, 1, 1, 1)).Then("Relu")
            .Then("Conv", [graph.Weight(4, 4, 1, 1)])
            .Then("BatchNormalization", [graph.Weight(4), graph.Weight(4), graph.Weight(4), graph.Weight(4)])
            .Then("LRN", OnnxGraph.Attribute("size", 3))
            .Then("Pad", [graph.Numbers(0, 0, 1, 1, 0, 0, 1, 1)])
            .Then("MaxPool", OnnxGraph.Attribute("kernel_shape", 3, 3), OnnxGraph.Attribute("ceil_mode", 1))
            .Classify(4).ToModel();
    }
}
