using Microsoft.ML.OnnxRuntime;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Quantization;

namespace MlNetAlexNet.Tests.Quantization;

/// <summary>ONNX Runtime on our 8-bit graphs against loops in double precision.</summary>
[TestClass]
public class OnnxInt8ExportTests
{
    public static IEnumerable<object[]> Stacks() =>
    [
        ["dense", new Sequential(TensorShape.Image(5, 5, 3))
            { new Flatten(), new Dense(20, Activation.Relu), new Dense(4, Activation.Softmax) }],
        ["bytes into the first convolution",
            Over(9, new Conv2D(8, 3, activation: Activation.Relu), new MaxPooling2D(3, 2))],
        ["padded first convolution", Over(8, new Conv2D(8, 3, padding: Padding.Same, activation: Activation.Relu))],
        ["linear values", Over(9, new Conv2D(8, 3), new Conv2D(6, 3, padding: Padding.Same))],
        ["groups and strides", Over(11, new Conv2D(6, 3, strides: (2, 1), activation: Activation.Relu),
            new Conv2D(4, (3, 1), strides: (1, 2), groups: 2, activation: Activation.Relu))],
        ["uneven padding and pooling", Over(12, new Conv2D(8, 3, 2, Padding.Same, Activation.Relu),
            new MaxPooling2D(3, 2, Padding.Same), new Conv2D(8, 2, padding: Padding.Explicit(0, 1, 2, 0)))],
        ["dropout", Over(7, new Conv2D(8, 3, activation: Activation.Relu), new Dropout(0.9))],
        ["dilation and no bias", Over(11, new Conv2D(8, 3, dilation: 2, useBias: false, activation: Activation.Relu),
            new Conv2D(6, 2, padding: Padding.Same, dilation: (1, 3)))],
        ["response normalization", Over(9, new Conv2D(8, 3, activation: Activation.Relu),
            new LocalResponseNormalization(alpha: 0.1), new MaxPooling2D(3, 2), new Conv2D(6, 2))],
        ["averages and zeros", Over(11, new ZeroPadding2D(1, 0, 0, 2), new Conv2D(8, 3), new AveragePooling2D(3, 2),
            new AdaptiveAveragePooling2D(3), new Conv2D(6, 2))],
        ["activations as layers", new Sequential(TensorShape.Image(7, 7, 3))
        {
            new Conv2D(8, 3), new ActivationLayer(Activation.Relu), new Conv2D(6, 3), new ActivationLayer(Activation.Linear),
            new Flatten(), new Dense(9, useBias: false), new ActivationLayer(Activation.Relu), new Dense(3),
            new ActivationLayer(Activation.Softmax),
        }],
        ["other activations", Over(9, new Conv2D(8, 3, activation: Activation.Sigmoid),
            new Conv2D(8, 3, activation: Activation.Tanh), new MaxPooling2D(2), new Conv2D(6, 2, activation: Activation.Elu))],
        ["other activations as layers", Over(9, new Conv2D(8, 3), new ActivationLayer(Activation.Sigmoid), new Conv2D(8, 3),
            new ActivationLayer(Activation.Tanh), new Conv2D(6, 2), new ActivationLayer(Activation.Elu))],
        ["below zero", Over(9, new Conv2D(8, 3), new LeakyReLU(0.1), new Conv2D(8, 3, padding: Padding.Same), new ELU(0.5),
            new MaxPooling2D(3, 2), new Conv2D(6, 2), new LeakyReLU())],
        ["batch normalization that stays", Over(9, new Conv2D(8, 3, activation: Activation.Relu), new BatchNormalization(),
            new MaxPooling2D(2), new Conv2D(6, 3, padding: Padding.Same), new MaxPooling2D(2), new BatchNormalization(scale: false),
            new LeakyReLU())],
        ["batch normalization that goes", Over(9, new Conv2D(8, 3, useBias: false), new BatchNormalization(),
            new ActivationLayer(Activation.Relu), new Conv2D(6, 3), new BatchNormalization(), new ActivationLayer(Activation.Tanh))],
        ["batch normalization of pixels", Over(9, new BatchNormalization(), new Conv2D(8, 3, padding: Padding.Same))],
        ["batch normalization at the end", new Sequential(TensorShape.Image(5, 5, 3))
        {
            new Flatten(), new Dense(8, Activation.Relu), new Dense(3, Activation.Tanh), new BatchNormalization(),
            new ActivationLayer(Activation.Softmax),
        }],
        ["no weights", new Sequential(TensorShape.Image(5, 5, 3))
            { new AdaptiveAveragePooling2D(1), new Flatten(), new ActivationLayer(Activation.Softmax) }],
        ["grey bytes", new Sequential(TensorShape.Image(9, 9, 1))
            { new Conv2D(8, 3, activation: Activation.Relu), new Flatten(), new Dense(3, Activation.Softmax) }],
        ["grey, padded", new Sequential(TensorShape.Image(9, 9, 1))
            { new Conv2D(8, 3, padding: Padding.Same), new LeakyReLU(), new Flatten(), new Dense(3, Activation.Softmax) }],
        ["pooling first", Over(9, new MaxPooling2D(2), new Conv2D(8, 3, activation: Activation.Relu))],
        ["nothing but the last layer", new Sequential(TensorShape.Image(5, 5, 3))
            { new Flatten(), new Dense(4, Activation.Softmax) }],
    ];

    [TestMethod]
    [DynamicData(nameof(Stacks))]
    public void OnnxInt8Export_EveryLayer_ScoresNearlyAsTheLoops(string name, Sequential stack)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var model = BatchNormalizationFold.Fold(TinyModel.Of(stack, imageSize: stack.Input.Height + seed, seed));
            var random = new Random(seed);
            var pictures = Enumerable.Range(0, 16).Select(_ => TinyModel.Pixels(model, random)).ToList();
            var calibrated = Calibration.Measure(model, pictures);
            using var graph = new MemoryStream();
            OnnxInt8Export.Create(model, calibrated).WriteTo(graph);
            using var session = new InferenceSession(graph.ToArray());
            foreach (var picture in pictures)
            {
                var expected = ReferenceNetwork.Score(model, picture);
                var score = Score(session, model, picture);
                for (var i = 0; i < expected.Length; i++)
                    Assert.AreEqual(expected[i], score[i], 0.1, $"{name}, seed {seed}, class {i}");
            }
        }
    }

    // One pixel (200, 100, 0), mean 100, deviation 50: (2, 0, -2). The hidden unit is 2 x 1 + 0 - 2 x -1 + 1 = 5, of a
    // range to 5.1 code 250, and as the other way round -3, which ReLU makes 0. a: 5, b: -5; softmax 1 / (1 + e^-10).
    [TestMethod]
    public void OnnxInt8Export_HandArithmetic_GivesTheScore()
    {
        var stack = new Sequential(TensorShape.Image(1, 1, 3))
        {
            new Conv2D(2, 1, activation: Activation.Relu), new Flatten(), new Dense(2, Activation.Softmax),
        };
        var weights = new WeightSet(
        [
            new("conv2d_1/kernel", new Weight([2, 3, 1, 1], [1, 1, -1, -1, -1, 1])),
            new("conv2d_1/bias", new Weight([2], [1, 1])),
            new("dense_1/kernel", new Weight([2, 2], [1, 1, -1, -1])),
            new("dense_1/bias", new Weight([2], [0, 0])),
        ]);
        var model = new TrainedModel(
            stack.Plan(), weights, new ImagePreprocessing(1, [100, 100, 100], [50, 50, 50]) { ImageSize = 1 }, ["a", "b"]);
        using var graph = new MemoryStream();
        var ranges = new Dictionary<string, ActivationRange> { ["conv2d_1/relu"] = new(0, 5.1f) };
        OnnxInt8Export.Create(model, new Calibrated(ranges)).WriteTo(graph);
        using var session = new InferenceSession(graph.ToArray());

        var score = Score(session, model, [200, 100, 0]);

        Assert.AreEqual(1 / (1 + Math.Exp(-10)), score[0], 1e-5);
    }

    // The first filter sees nothing and gives its bias; b: 0.5, a: 0; softmax 1 / (1 + e^-0.5). The other filter gives 2
    // and is not looked at, but makes the range wide.
    [TestMethod]
    [DataRow(0f)]
    [DataRow(1e-30f)]
    public void OnnxInt8Export_DeadFilter_KeepsItsBias(float weight)
    {
        var stack = new Sequential(TensorShape.Image(1, 1, 3))
        {
            new Conv2D(2, 1, activation: Activation.Relu), new Flatten(), new Dense(2, Activation.Softmax),
        };
        var weights = new WeightSet(
        [
            new("conv2d_1/kernel", new Weight([2, 3, 1, 1], [weight, weight, weight, 1, 0, 0])),
            new("conv2d_1/bias", new Weight([2], [0.5f, 0])),
            new("dense_1/kernel", new Weight([2, 2], [0, 0, 1, 0])),
            new("dense_1/bias", new Weight([2], [0, 0])),
        ]);
        var model = new TrainedModel(
            stack.Plan(), weights, new ImagePreprocessing(1, [100, 100, 100], [50, 50, 50]) { ImageSize = 1 }, ["a", "b"]);
        using var graph = new MemoryStream();
        var ranges = new Dictionary<string, ActivationRange> { ["conv2d_1/relu"] = new(0, 2.55f) };
        OnnxInt8Export.Create(model, new Calibrated(ranges)).WriteTo(graph);
        using var session = new InferenceSession(graph.ToArray());

        var score = Score(session, model, [200, 100, 0]);

        Assert.AreEqual(1 / (1 + Math.Exp(-0.5)), score[1], 1e-5);
    }

    private static float[] Score(InferenceSession session, TrainedModel model, byte[] picture)
    {
        var size = model.Preprocessing.ImageSize;
        using var input = OrtValue.CreateTensorValueFromMemory(picture, [1, size, size, 3]);
        using var options = new RunOptions();
        using var scores = session.Run(options, ["Pixels"], [input], [OnnxNames.Score]);
        return scores[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static Sequential Over(int side, params Layer[] layers)
    {
        var stack = new Sequential(TensorShape.Image(side, side, 3));
        foreach (var layer in layers)
            stack.Add(layer);
        stack.Add(new Flatten());
        stack.Add(new Dense(3, Activation.Softmax));
        return stack;
    }
}
