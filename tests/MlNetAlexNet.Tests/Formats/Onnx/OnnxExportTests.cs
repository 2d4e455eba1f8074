using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Formats.Onnx;

/// <summary>ONNX Runtime on our graphs against <see cref="ReferenceNetwork"/>.</summary>
[TestClass]
public class OnnxExportTests
{
    public static IEnumerable<object[]> Stacks() =>
    [
        ["dense", new Sequential(TensorShape.Image(5, 5, 3)) { new Flatten(), new Dense(4, Activation.Softmax) }],
        ["one convolution", Over(7, new Conv2D(4, 3, activation: Activation.Relu))],
        ["linear convolution", Over(7, new Conv2D(4, 3))],
        ["groups and strides",
            Over(9, new Conv2D(6, 3, strides: (2, 1)), new Conv2D(4, (3, 1), strides: (1, 2), groups: 2))],
        // 8 pixels, window 3, stride 2: one pixel of padding, at the bottom and the right.
        ["uneven same", Over(8, new Conv2D(4, 3, strides: 2, padding: Padding.Same, activation: Activation.Relu))],
        ["four sides", Over(6, new Conv2D(3, (2, 3), padding: Padding.Explicit(0, 1, 2, 0)))],
        // Linear values below 0 at the border: padding with zeros would win there.
        ["pooling with padding", Over(8, new Conv2D(4, 1), new MaxPooling2D(3, 2, Padding.Same))],
        ["pooling with four sides",
            Over(7, new Conv2D(4, 1), new MaxPooling2D((2, 3), 2, Padding.Explicit(1, 0, 0, 2)))],
        ["average pooling", Over(7, new Conv2D(4, 1), new AveragePooling2D(3, 2))],
        ["average pooling with uneven same", Over(8, new Conv2D(4, 1), new AveragePooling2D(3, 2, Padding.Same))],
        ["average pooling with four sides",
            Over(7, new Conv2D(4, 1), new AveragePooling2D((2, 3), 2, Padding.Explicit(1, 0, 0, 2)))],
        ["adaptive pooling to fewer", Over(12, new Conv2D(4, 1), new AdaptiveAveragePooling2D((4, 3)))],
        ["adaptive pooling, uneven", Over(7, new Conv2D(4, 1), new AdaptiveAveragePooling2D((3, 5)))],
        ["adaptive pooling to more", Over(4, new Conv2D(4, 1), new AdaptiveAveragePooling2D((6, 4)))],
        ["dilation", Over(9, new Conv2D(4, (2, 3), strides: (1, 2), dilation: (3, 2)))],
        ["dilation with uneven same", Over(9, new Conv2D(4, (2, 3), padding: Padding.Same, dilation: (3, 1), groups: 1))],
        ["uneven zero padding", Over(6, new Conv2D(4, 1), new ZeroPadding2D(0, 1, 2, 3), new Conv2D(4, 3))],
        ["no bias", new Sequential(TensorShape.Image(6, 6, 3))
        {
            new Conv2D(4, 3, useBias: false), new Flatten(), new Dense(5, Activation.Relu, useBias: false),
            new Dense(3, Activation.Softmax, useBias: false),
        }],
        ["response normalization", Over(6, new Conv2D(8, 3), new LocalResponseNormalization(alpha: 0.3))],
        ["response normalization over three",
            Over(6, new Conv2D(2, 3), new LocalResponseNormalization(3, alpha: 1, beta: 0.5, k: 1))],
        ["activations as layers", new Sequential(TensorShape.Image(6, 6, 3))
        {
            new Conv2D(4, 3), new ActivationLayer(Activation.Relu), new ActivationLayer(Activation.Linear),
            new Flatten(), new Dense(3), new ActivationLayer(Activation.Softmax),
        }],
        ["activations", Over(7, new Conv2D(4, 3, activation: Activation.Sigmoid), new Conv2D(4, 2, activation: Activation.Tanh),
            new ActivationLayer(Activation.Sigmoid), new ActivationLayer(Activation.Tanh))],
        ["below zero", Over(7, new Conv2D(4, 3, activation: Activation.Elu), new Conv2D(4, 2), new LeakyReLU(0.1), new ELU(2),
            new ActivationLayer(Activation.Elu))],
        ["batch normalization", Over(7, new BatchNormalization(), new Conv2D(4, 3, padding: Padding.Same), new BatchNormalization(),
            new MaxPooling2D(2), new BatchNormalization(epsilon: 0.2), new LeakyReLU(), new BatchNormalization(scale: false),
            new MaxPooling2D(2), new BatchNormalization(center: false), new ActivationLayer(Activation.Relu))],
        ["batch normalization of vectors", new Sequential(TensorShape.Image(4, 4, 3))
        {
            new Flatten(), new BatchNormalization(), new Dropout(), new LeakyReLU(), new BatchNormalization(center: false, scale: false),
            new Dense(5, Activation.Tanh), new BatchNormalization(), new ELU(), new Dense(3), new BatchNormalization(),
            new ActivationLayer(Activation.Softmax),
        }],
        ["grey", new Sequential(TensorShape.Image(6, 6, 1))
            { new Conv2D(4, 3, activation: Activation.Relu), new Flatten(), new Dense(3, Activation.Softmax) }],
        ["dropout", Over(5, new Conv2D(4, 3), new Dropout(0.9))],
        ["two dense layers", new Sequential(TensorShape.Image(6, 6, 3))
        {
            new Conv2D(4, 3), new Flatten(), new Dense(5, Activation.Relu), new Dropout(),
            new Dense(3, Activation.Softmax),
        }],
    ];

    [TestMethod]
    [DynamicData(nameof(Stacks))]
    public void OnnxExport_EveryLayer_ScoresAsTheLoops(string name, Sequential stack)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var model = TinyModel.Of(stack, imageSize: stack.Input.Height + seed, seed);
            var random = new Random(seed);
            var pictures = Enumerable.Range(0, 3).Select(_ => TinyModel.Pixels(model, random)).ToArray();
            var scores = Run(model, pictures).Score;
            for (var i = 0; i < pictures.Length; i++)
                AssertClose(ReferenceNetwork.Score(model, pictures[i]), scores[i], $"{name}, seed {seed}, picture {i}");
        }
    }

    [TestMethod]
    [DataRow("crop")]
    [DataRow("Pixels")]
    public void OnnxExport_LayerCalledAsAPartOfTheGraph_IsRefused(string name)
    {
        var stack = new Sequential(TensorShape.Image(3, 3, 3))
        {
            new Flatten { Name = name }, new Dense(2, Activation.Softmax),
        };

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => TinyModel.ToOnnx(TinyModel.Of(stack, 3, seed: 1))).Message,
            $"A layer is called '{name}'");
    }

    [TestMethod]
    public void OnnxExport_HandArithmetic_GivesTheSum()
    {
        // One pixel (30, 20, 10) by 10 is (3, 2, 1); a: 3 + 2 x 2 + 3 x 1 = 10, b: 10 - 1 = 9.
        var stack = new Sequential(TensorShape.Image(1, 1, 3)) { new Flatten(), new Dense(2, Activation.Softmax) };
        var weights = new WeightSet(
        [
            new("dense_1/kernel", new Weight([2, 3], [1, 2, 3, 1, 2, 3])),
            new("dense_1/bias", new Weight([2], [0, -1])),
        ]);
        var preprocessing = new ImagePreprocessing(1, [0, 0, 0], [10, 10, 10]) { ImageSize = 1 };
        var model = new TrainedModel(stack.Plan(), weights, preprocessing, ["a", "b"]);

        var result = Run(model, [30, 20, 10]);

        var expected = 1 / (1 + Math.Exp(-1)); // softmax of (10, 9)
        Assert.AreEqual(expected, result.Score[0][0], 1e-6);
        Assert.AreEqual(1 - expected, result.Score[0][1], 1e-6);
        CollectionAssert.AreEqual(new[] { "a" }, result.BestLabel[0]);
    }

    // Krizhevsky 2012, section 3.3: one pixel of channels 100, 200, 50 with n = 3, k = 2, alpha = 1e-4, beta = 0.75. Sums
    // of squares: 100^2 + 200^2 = 50000, + 50^2 = 52500, 200^2 + 50^2 = 42500.
    [TestMethod]
    public void OnnxExport_ResponseNormalizationByHand_IsThePapers() => AssertLogits(
        [100 / Math.Pow(7, 0.75), 200 / Math.Pow(7.25, 0.75), 50 / Math.Pow(6.25, 0.75)],
        [100, 200, 50],
        new LocalResponseNormalization(size: 3));

    // Of 2x2 places 3 lie in the padding, as everywhere around one pixel: the mean is the pixel.
    [TestMethod]
    public void OnnxExport_AveragePoolingByHand_DoesNotCountThePadding() => AssertLogits(
        [3, 2, 1], [3, 2, 1], new AveragePooling2D(2, 1, Padding.Explicit(1, 0, 0, 1)));

    // Bottom row of two zeros, then a window of 3x1: a third of the pixel.
    [TestMethod]
    public void OnnxExport_ZeroPaddingByHand_CountsItsZeros() => AssertLogits(
        [1, 2, 3], [3, 6, 9], new ZeroPadding2D(0, 2, 0, 0), new AveragePooling2D((3, 1)));

    // The layers over one pixel of three values, whose results are the logits.
    private static void AssertLogits(double[] expected, byte[] pixel, params Layer[] layers)
    {
        var stack = new Sequential(TensorShape.Image(1, 1, 3));
        foreach (var layer in (Layer[])[.. layers, new Flatten(), new ActivationLayer(Activation.Softmax)])
            stack.Add(layer);
        var preprocessing = new ImagePreprocessing(1, [0, 0, 0], [1, 1, 1]) { ImageSize = 1 };
        var model = new TrainedModel(stack.Plan(), new WeightSet([]), preprocessing, ["a", "b", "c"]);

        var score = Run(model, pixel).Score[0];

        for (var i = 1; i < expected.Length; i++)
            Assert.AreEqual(expected[i] - expected[0], Math.Log(score[i] / score[0]), 1e-4, $"class {i}");
    }

    [TestMethod]
    public void OnnxExport_TopK_ListsTheBestClassesByName()
    {
        var model = TinyModel.Of(Over(6, new Conv2D(4, 3)), imageSize: 6, seed: 5, topK: 3);
        var random = new Random(5);
        var pictures = Enumerable.Range(0, 20).Select(_ => TinyModel.Pixels(model, random)).ToArray();

        var result = Run(model, pictures);

        for (var i = 0; i < pictures.Length; i++)
        {
            var best = result.Score[i].Zip(model.Classes).OrderByDescending(pair => pair.First).Take(3).ToArray();
            CollectionAssert.AreEqual(best.Select(pair => pair.Second).ToArray(), result.TopLabels[i]);
            CollectionAssert.AreEqual(best.Select(pair => pair.First).ToArray(), result.TopScores[i]);
            Assert.AreEqual(best[0].Second, result.BestLabel[i].Single());
        }

        Assert.IsTrue(result.BestLabel.Select(labels => labels[0]).Distinct().Count() > 1, "All of one class.");
    }

    private static Sequential Over(int side, params Layer[] layers)
    {
        var stack = new Sequential(TensorShape.Image(side, side, 3));
        foreach (var layer in (IEnumerable<Layer>)[.. layers, new Flatten(), new Dense(4, Activation.Softmax)])
            stack.Add(layer);
        return stack;
    }

    private static void AssertClose(double[] expected, float[] actual, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5, $"{what}, class {i}");
    }

    private sealed record Result(float[][] Score, string[][] TopLabels, float[][] TopScores, string[][] BestLabel);

    private static Result Run(TrainedModel model, params byte[][] pictures)
    {
        var size = model.Preprocessing.ImageSize;
        byte[] pixels = [.. pictures.SelectMany(picture => picture)];
        var input = new DenseTensor<byte>(pixels, [pictures.Length, size, size, 3]);
        using var session = new InferenceSession(TinyModel.ToOnnx(model));
        using var outputs = session.Run([NamedOnnxValue.CreateFromTensor("Pixels", input)]);
        return new Result(
            Rows<float>("Score"), Rows<string>("TopLabels"), Rows<float>("TopScores"), Rows<string>("BestLabel"));

        T[][] Rows<T>(string name)
        {
            var tensor = outputs.Single(output => output.Name == name).AsTensor<T>();
            return [.. tensor.ToArray().Chunk(tensor.Dimensions[1])];
        }
    }
}
