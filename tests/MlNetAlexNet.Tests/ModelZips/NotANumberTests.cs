using Google.Protobuf;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Formats.Safetensors;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.ModelZips;

/// <summary>Weights that are NaN or infinite are refused in every kind of file, and named as there.</summary>
[TestClass]
public sealed class NotANumberTests
{
    private static readonly Dictionary<string, (Action<TrainedModel, string> Write, string Name)> s_writers = new()
    {
        ["a.zip"] = ((model, path) => ModelZipWriter.Write(model, OnnxExport.Create(model), path), "conv2d_1/kernel"),
        ["a.onnx"] = ((model, path) => WholeFile.Write(path, OnnxExport.Create(model).WriteTo), "conv2d_1/kernel"),
        ["a.pth"] = ((model, path) => WholeFile.Write(path, file => StateDictWriter.Write(file, Named(model))), "conv2d_1.weight"),
        ["a.safetensors"] =
            ((model, path) => WholeFile.Write(path, file => SafetensorsWriter.Write(file, Named(model))), "conv2d_1.weight"),
        ["a.h5"] = (WriteByFormat, "conv2d_1/kernel"),
        ["a.weights.h5"] = (WriteByFormat, "conv2d_1/kernel"),
        ["a.keras"] = (WriteByFormat, "conv2d_1/kernel"),
    };

    public static IEnumerable<string> Files => s_writers.Keys;

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Read_WeightThatIsNone_IsRefusedByItsName(string name)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);
        s_writers[name].Write(Damaged(), path);

        var message = Assert.ThrowsExactly<AlexNetException>(
            () => ModelFile.Read(path, new() { Network = ModelFile.HoldsStack(path) ? null : Stack() })).Message;

        StringAssert.Contains(message, s_writers[name].Name);
        StringAssert.Contains(message, "holds NaN as number 6 of 54");
        StringAssert.Contains(message, $"'{path}'");
    }

    [TestMethod]
    [DataRow("a.zip")]
    [DataRow("a.onnx")]
    public void Open_GraphWithOne_IsRefusedByItsName(string name)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);
        s_writers[name].Write(Damaged(), path);

        var opened = Assert.ThrowsExactly<AlexNetException>(() => ImageClassifier.Open(path, null, out _)).Message;
        var copied = Assert.ThrowsExactly<AlexNetException>(
            () => ModelFile.TryCopyNetwork(path, Path.Combine(folder.Path, "b.onnx"))).Message;

        foreach (var message in (string[])[opened, copied])
        {
            StringAssert.Contains(message, $"'{path}'");
            StringAssert.Contains(message, "weight 'conv2d_1/kernel' holds NaN as number 6 of 54");
        }
    }

    [TestMethod]
    public void Read_GraphOfAnotherProgram_IsRefusedByItsName()
    {
        using var folder = new TemporaryFolder();
        var graph = new ForeignGraph(TensorShape.Image(6, 6, 3));
        var model = graph.Then("Conv", [graph.Weight(2, 3, 3, 3)], OnnxGraph.Attribute("kernel_shape", 3, 3)).Classify(2).ToModel();
        var kernel = model.Graph.Initializer[0];
        kernel.RawData = ByteString.CopyFrom([.. BitConverter.GetBytes(float.NegativeInfinity), .. kernel.RawData.Span[4..]]);
        var path = folder.Write("a.onnx", model.ToByteArray());

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path)).Message,
            $"weight '{kernel.Name}' holds -Infinity as number 1 of 54");
    }

    [TestMethod]
    public void Write_ModelWithOne_IsRefusedInEveryFormat()
    {
        using var folder = new TemporaryFolder();
        var model = Damaged();

        foreach (var format in ModelFile.Formats)
        {
            StringAssert.Contains(
                Assert.ThrowsExactly<AlexNetException>(
                    () => ModelFile.Write(model, Path.Combine(folder.Path, $"a{format.Endings[0]}"))).Message,
                "Weight 'conv2d_1/kernel' holds NaN");
        }

        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void TrainedModel_NegativeVariance_IsRefusedByName()
    {
        var stack = new Sequential(TensorShape.Image(2, 2, 3))
        {
            new BatchNormalization(), new Flatten(), new Dense(2, Activation.Softmax),
        };
        var model = TinyModel.Of(stack, imageSize: 2, seed: 1);
        Array.Fill(model.Weights["batch_normalization_1/moving_variance"].Values, -1);

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => model.Weights.RequireFit(model.Plan)).Message,
            "'batch_normalization_1/moving_variance' has values that are no variances");
    }

    // Spoilt when it has been looked at.
    private static TrainedModel Damaged()
    {
        var model = TinyModel.Of(Stack(), imageSize: 6, seed: 1);
        model.Weights["conv2d_1/kernel"].Values[5] = float.NaN;
        return model;
    }

    private static void WriteByFormat(TrainedModel model, string path) =>
        ModelFile.ChooseFormat(path).Write(new ModelFileContent(model.Plan, model.Weights, []), path, true);

    private static WrittenTensor[] Named(TrainedModel model) =>
    [
        .. model.Plan.Weights.Select(weight => WrittenTensor.Of(
            weight.Key.Replace("/kernel", ".weight", StringComparison.Ordinal).Replace('/', '.'), model.Weights[weight.Key])),
    ];

    private static Sequential Stack() => new(TensorShape.Image(6, 6, 3))
    {
        new Conv2D(2, 3, activation: Activation.Relu), new Flatten(), new Dense(3, Activation.Softmax),
    };
}
