using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;
using Padding = MlNetAlexNet.Layers.Padding;

namespace MlNetAlexNet.Training.Tests.Engine;

/// <summary>The network that is trained and the graph that is exported give the same probabilities.</summary>
[TestClass]
public sealed class TorchAgainstOnnxTests
{
    private static readonly Padding Same = Padding.Same;
    private static readonly string[] s_classes = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];

    public static IEnumerable<object[]> Stacks =>
    [
        ["plain", Stack(33, new Conv2D(8, 5, 2, activation: Activation.Relu), new MaxPooling2D(3, 2))],
        ["groups", Stack(32, new Conv2D(6, 3), new Conv2D(9, 3, padding: Same, activation: Activation.Relu, groups: 3))],
        ["uneven same padding", Stack(33, new Conv2D(4, (4, 6), (3, 2), Same), new MaxPooling2D(2, 3, Same))],
        ["explicit padding", Stack(30, new Conv2D(4, 3, 2, Padding.Explicit(0, 3, 2, 1)), new MaxPooling2D(3, 1, Padding.Explicit(1, 0, 0, 1)))],
        ["dilation and no bias", Stack(30, new Conv2D(4, (3, 2), padding: Same, dilation: (2, 3), useBias: false), new MaxPooling2D(4))],
        ["dilation and no bias on strided pictures", Stack(31, new Conv2D(4, 3, 2, dilation: 2), new Conv2D(4, 3, 2, useBias: false))],
        ["no bias on strided pictures", Stack(31, new Conv2D(4, 5, 4, useBias: false))],
        ["average pooling", Stack(30, new Conv2D(4, 3), new AveragePooling2D(3, 2), new AveragePooling2D((2, 3), 2, Same))],
        ["average pooling with four sides", Stack(20, new Conv2D(4, 3), new AveragePooling2D(3, 1, Padding.Explicit(1, 0, 2, 0)))],
        ["adaptive pooling", Stack(20, new Conv2D(4, 3), new AdaptiveAveragePooling2D((7, 5)), new AdaptiveAveragePooling2D((9, 5)))],
        ["zero padding", Stack(20, new ZeroPadding2D(0, 1, 2, 3), new Conv2D(4, 3, 2), new ZeroPadding2D(3, 0, 0, 0))],
        ["response normalization", Stack(20, new Conv2D(8, 3, activation: Activation.Relu), new LocalResponseNormalization(alpha: 0.02))],
        ["activations as layers", Stack(20, new Conv2D(4, 3, 2), new ActivationLayer(Activation.Relu), new ActivationLayer(Activation.Linear))],
        ["dropout", Stack(20, new Dropout(0.5), new Conv2D(4, 3))],
        ["activations", Stack(20, new Conv2D(4, 3, activation: Activation.Sigmoid), new Conv2D(4, 3, activation: Activation.Tanh),
            new ActivationLayer(Activation.Tanh), new Conv2D(4, 3, activation: Activation.Elu), new ELU(0.5), new LeakyReLU())],
        ["batch normalization", Stack(20, new BatchNormalization(), new Conv2D(4, 3, 2, Same, Activation.Relu),
            new BatchNormalization(0.9, 1e-4), new MaxPooling2D(3, 2), new BatchNormalization(scale: false), new LeakyReLU(),
            new Flatten(), new BatchNormalization(center: false))],
        ["grey", new Sequential(TensorShape.Image(20, 20, 1))
            { new Conv2D(4, 3, 2, activation: Activation.Relu), new Flatten(), new Dense(10, Activation.Softmax) }],
    ];

    [TestMethod]
    [DynamicData(nameof(Stacks))]
    public void Forward_SmallStacks_EqualsTheExportedGraph(string name, Sequential stack) =>
        AssertSameProbabilities(name, stack.Plan(), pictures: 5, seed: 1);

    // In 32-bit floats each is exact: the three numbers are below 2^24.
    [TestMethod]
    public void Normalize_OneChannel_IsTheGreyValueOfPilExactly()
    {
        const int Side = 300;
        var plan = new Sequential(TensorShape.Image(Side, Side, 1))
            { new MaxPooling2D(Side), new Flatten(), new ActivationLayer(Activation.Softmax) }.Plan();
        var model = new TrainedModel(
            plan, new WeightSet([]), new ImagePreprocessing(Side, [0], [1]) { ImageSize = Side }, ["grey"]);
        var pixels = new byte[Side * Side * 3];
        new Random(1).NextBytes(pixels);
        var expected = pixels.Chunk(3).Select(rgb => (float)((19595 * rgb[0] + 38470 * rgb[1] + 7471 * rgb[2] + 32768) >> 16)).ToArray();
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(plan, model.Weights, model.Preprocessing, CPU, ScalarType.Float32);
        using var graph = new MemoryStream();
        OnnxExport.Create(model, observed: [OnnxNames.Normalised]).WriteTo(graph);
        using var session = new InferenceSession(graph.ToArray());

        var torch = network.Normalize(tensor(pixels).reshape(1, Side, Side, 3));
        using var results = session.Run(
            [NamedOnnxValue.CreateFromTensor("Pixels", new DenseTensor<byte>(pixels, [1, Side, Side, 3]))], [OnnxNames.Normalised]);

        CollectionAssert.AreEqual((long[])[1, 1, Side, Side], torch.shape);
        CollectionAssert.AreEqual(expected, torch.contiguous().data<float>().ToArray());
        CollectionAssert.AreEqual(expected, results[0].AsEnumerable<float>().ToArray());
    }

    // Whole for the two of which all others are parts; thin for the rest.
    [TestMethod]
    [DataRow("keras", true)]
    [DataRow("paper", true)]
    [DataRow("paper", false)]
    [DataRow("torchvision", false)]
    [DataRow("caffe", false)]
    [DataRow("caffenet", false)]
    public void Forward_Preset_EqualsTheExportedGraph(string name, bool whole)
    {
        var preset = AlexNet.GetPreset(name);
        var stack = whole ? preset.Network(10, 0.5) : ThinPreset.Of(preset, 10, 0.5);
        var plan = stack.Plan();
        var crop = plan.Input.Height;
        var preprocessing = preset.Preprocessing ?? new ImagePreprocessing(crop, [120, 110, 100], [60, 70, 80]);
        var random = new Random(2);
        var start = WeightInitializer.HeNormal(plan, random);
        foreach (var bias in start.Where(weight => weight.Key.EndsWith("bias", StringComparison.Ordinal)))
        {
            Array.ForEach([.. Enumerable.Range(0, bias.Value.Values.Length)], i => bias.Value.Values[i] = random.NextSingle());
        }

        var model = new TrainedModel(plan, start, preprocessing, s_classes);
        var pixels = new byte[256 * 256 * 3];
        random.NextBytes(pixels);

        var logits = Centred(LogitsOfTorch(model, pixels, pictures: 1));
        var exported = Centred(ScoreWithOnnxRuntime(model, pixels, pictures: 1).Select(score => MathF.Log(score)));

        var difference = logits.Zip(exported, (a, b) => Math.Abs(a - b)).Max() / logits.Max(Math.Abs);
        Assert.IsLessThan(1e-3, difference, name);
        Assert.IsGreaterThan(0.1f, logits.Max(), $"{name}: the classes are told apart");
    }

    // The logarithms of the probabilities are the logits but for a constant.
    private static float[] Centred(IEnumerable<float> values) => [.. values.Select(value => value - values.Average())];

    private static Sequential Stack(int side, params Layer[] layers)
    {
        var stack = new Sequential(TensorShape.Image(side, side, 3));
        foreach (var layer in (Layer[])[.. layers, new Flatten(), new Dense(7, Activation.Relu), new Dense(10, Activation.Softmax)])
        {
            stack.Add(layer);
        }

        return stack;
    }

    private static void AssertSameProbabilities(string name, LayerPlan plan, int pictures, int seed)
    {
        var random = new Random(seed);
        var crop = plan.Input.Height;
        var size = crop + 5;
        var start = WeightInitializer.HeNormal(plan, random);

        // Biases and means that differ, and a last layer large enough that the classes are told apart.
        var weights = new WeightSet(start.Select(weight => KeyValuePair.Create(weight.Key, weight.Value with
        {
            Values = [.. weight.Value.Values.Select(value =>
                weight.Value.Dimensions.Count == 1 ? value + (float)random.NextDouble() : value * 3)],
        })));
        var preprocessing = plan.Input.Channels == 1
            ? new ImagePreprocessing(crop, [110], [70]) { ImageSize = size }
            : new ImagePreprocessing(crop, [120, 110, 100], [60, 70, 80]) { ImageSize = size };
        var model = new TrainedModel(plan, weights, preprocessing, s_classes);
        var pixels = new byte[pictures * size * size * 3];
        random.NextBytes(pixels);

        var exported = ScoreWithOnnxRuntime(model, pixels, pictures);
        using var scope = NewDisposeScope();
        var trained = tensor(LogitsOfTorch(model, pixels, pictures)).reshape(pictures, 10).softmax(1).data<float>().ToArray();
        var largest = exported.Zip(trained, (a, b) => Math.Abs(a - b)).Max();
        Assert.IsLessThan(1e-4f, largest, name);
        Assert.IsGreaterThan(0.2f, exported.Max(), $"{name}: the classes are told apart");
    }

    private static float[] ScoreWithOnnxRuntime(TrainedModel model, byte[] pixels, int pictures)
    {
        using var stream = new MemoryStream();
        OnnxExport.Create(model).WriteTo(stream);
        using var session = new InferenceSession(stream.ToArray());
        var size = model.Preprocessing.ImageSize;
        var input = NamedOnnxValue.CreateFromTensor("Pixels", new DenseTensor<byte>(pixels, [pictures, size, size, 3]));
        using var results = session.Run([input], ["Score"]);
        return [.. results[0].AsEnumerable<float>()];
    }

    private static float[] LogitsOfTorch(TrainedModel model, byte[] pixels, int pictures)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (size, crop, offset) = (model.Preprocessing.ImageSize, model.Preprocessing.CropSize, model.Preprocessing.CropOffset);
        using var network = new TorchNetwork(model.Plan, model.Weights, model.Preprocessing, CPU, ScalarType.Float32);
        var middles = tensor(pixels).reshape(pictures, size, size, 3)
            .slice(1, offset, offset + crop, 1).slice(2, offset, offset + crop, 1);
        var logits = network.Forward(network.Normalize(middles), dropout: null);
        return logits.data<float>().ToArray();
    }
}
