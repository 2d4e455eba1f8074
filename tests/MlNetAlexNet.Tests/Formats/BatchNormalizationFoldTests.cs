using MlNetAlexNet.Formats;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Formats;

[TestClass]
public sealed class BatchNormalizationFoldTests
{
    private static readonly BatchNormalization s_norm = new(epsilon: 0.1);
    private static readonly ActivationLayer s_relu = new(Activation.Relu);

    /// <summary>Stacks before their last layers, a dense one and a softmax, and the names that stay.</summary>
    public static IEnumerable<object[]> Stacks =>
    [
        [Stack(new Conv2D(4, 3, useBias: false), s_norm, s_relu, new Flatten()), "conv2d_1 relu, flatten_1"],
        [Stack(new Conv2D(4, 3), s_norm, new LeakyReLU(), new Flatten()), "conv2d_1, leaky_re_lu_1, flatten_1"],
        [Stack(new Conv2D(4, 3), s_norm, new BatchNormalization(scale: false), new ActivationLayer(Activation.Tanh), new Flatten()),
            "conv2d_1 tanh, flatten_1"],
        [Stack(new Flatten(), new Dense(5, useBias: false), new BatchNormalization(center: false), s_relu), "flatten_1, dense_1 relu"],
        [Stack(new Conv2D(4, 3), s_relu, new Flatten()), "conv2d_1, activation_1, flatten_1"],

        // Behind an activation: into what comes next, if that adds up its values and no others.
        [Stack(new Conv2D(4, 3, activation: Activation.Relu), s_norm, new Conv2D(6, 2, groups: 2, useBias: false), new Flatten()),
            "conv2d_1 relu, conv2d_2, flatten_1"],
        [Stack(new Conv2D(4, 3, activation: Activation.Relu), s_norm, new Conv2D(4, 3, padding: Padding.Same), new Flatten()),
            "conv2d_1 relu, batch_normalization_1, conv2d_2, flatten_1"],
        [Stack(new Conv2D(4, 3, activation: Activation.Relu), s_norm, new ZeroPadding2D(1, 0, 0, 0), new Conv2D(4, 3), new Flatten()),
            "conv2d_1 relu, batch_normalization_1, zero_padding2d_1, conv2d_2, flatten_1"],
        [Stack(new Conv2D(4, 3, activation: Activation.Relu), s_norm, new MaxPooling2D(2), new Flatten()),
            "conv2d_1 relu, batch_normalization_1, max_pooling2d_1, flatten_1"],
        [Stack(new Conv2D(4, 3), new MaxPooling2D(2), s_norm, new Flatten(), new Dropout(0.4), s_norm),
            "conv2d_1, max_pooling2d_1, flatten_1, dropout_1"],
        [Stack(new Conv2D(4, 3), s_norm, s_relu, s_norm, new Conv2D(4, 3), s_norm, s_relu, new Flatten(), s_norm),
            "conv2d_1 relu, conv2d_2 relu, flatten_1"],
        [Stack(s_norm, new Conv2D(4, 3, 2), new Flatten()), "conv2d_1, flatten_1"],

        // What is linear in name only.
        [Stack(new Conv2D(4, 3), s_norm, new ActivationLayer(Activation.Linear), s_norm, s_relu, new Flatten()),
            "conv2d_1, activation_1, batch_normalization_2, activation_2, flatten_1"],
        [Stack(new Conv2D(4, 3), new LocalResponseNormalization(3), s_norm, s_relu, new Flatten()),
            "conv2d_1, local_response_normalization_1, batch_normalization_1, activation_1, flatten_1"],
    ];

    [TestMethod]
    [DynamicData(nameof(Stacks))]
    public void Fold_Stack_LeavesWhatCannotBeFoldedAndTheScores(Sequential stack, string left)
    {
        stack.Add(new Dense(3));
        stack.Add(new ActivationLayer(Activation.Softmax) { Name = "softmax" });
        for (var seed = 1; seed <= 3; seed++)
        {
            var model = TinyModel.Of(stack, imageSize: 9, seed);
            var before = model.Weights.ToDictionary(weight => weight.Key, weight => weight.Value.Values.ToArray());

            var folded = BatchNormalizationFold.Fold(model);

            Assert.AreEqual(left, string.Join(", ", folded.Plan.SkipLast(2).Select(Describe)));
            var pixels = TinyModel.Pixels(model, new Random(seed));
            var (expected, scores) = (ReferenceNetwork.Score(model, pixels), ReferenceNetwork.Score(folded, pixels));
            for (var i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], scores[i], 1e-5, $"seed {seed}, class {i}");
            foreach (var (key, values) in before)
                CollectionAssert.AreEqual(values, model.Weights[key].Values, $"{key} was changed");
            CollectionAssert.AreEqual(Layers(folded), Layers(BatchNormalizationFold.Fold(folded)), "is done at once");
        }
    }

    // Factors 2 / sqrt(3 + 1) = 1 and 6 / sqrt(8 + 1) = 2; summands 0.5 - 4 x 1 and -1 - 5 x 2.
    [TestMethod]
    public void Fold_BehindADenseLayer_IsAsWorkedByHand()
    {
        var weights = Fold(
            new Sequential(TensorShape.Image(1, 1, 3))
            {
                new Flatten(), new Dense(2), new BatchNormalization(epsilon: 1), new ActivationLayer(Activation.Softmax),
            },
            [
                new("dense_1/kernel", new Weight([2, 3], [1, 2, 3, 4, 5, 6])), new("dense_1/bias", new Weight([2], [10, 20])),
                new("batch_normalization_1/gamma", new Weight([2], [2, 6])),
                new("batch_normalization_1/beta", new Weight([2], [0.5f, -1])),
                new("batch_normalization_1/moving_mean", new Weight([2], [4, 5])),
                new("batch_normalization_1/moving_variance", new Weight([2], [3, 8])),
            ]);

        CollectionAssert.AreEqual((float[])[1, 2, 3, 8, 10, 12], weights["dense_1/kernel"].Values);
        CollectionAssert.AreEqual((float[])[10 + 0.5f - 4, 40 - 1 - 10], weights["dense_1/bias"].Values);
    }

    // Without gamma and beta: factors 1/2, 1/3 and 1, summands -2, -5/3 and 0, of four pixels each.
    [TestMethod]
    public void Fold_BeforeFlatten_IsAsWorkedByHand()
    {
        var weights = Fold(
            new Sequential(TensorShape.Image(2, 2, 3))
            {
                new BatchNormalization(epsilon: 1, center: false, scale: false), new Flatten(),
                new Dense(2, Activation.Softmax, useBias: false),
            },
            [
                new("dense_1/kernel", new Weight([2, 12], [2, 4, 0, 0, 3, 6, 0, 0, 5, 5, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0])),
                new("batch_normalization_1/moving_mean", new Weight([3], [4, 5, 0])),
                new("batch_normalization_1/moving_variance", new Weight([3], [3, 8, 0])),
            ]);

        CollectionAssert.AreEqual(
            (float[])[1, 2, 0, 0, 1, 2, 0, 0, 5, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0], weights["dense_1/kernel"].Values);
        CollectionAssert.AreEqual((float[])[-6 * 2 - 15, -5], weights["dense_1/bias"].Values);
    }

    [TestMethod]
    public void Fold_ReferenceStackWithNormalizationBeforeEachActivation_IsTheReferenceStack()
    {
        var reference = AlexNet.Keras(10).Plan();
        var normalized = new Sequential(reference.Input, reference.SelectMany(planned => planned.Layer is WeightedLayer layer
            ? (Layer[])[layer with { Activation = Activation.Linear, UseBias = false, Name = null },
                new BatchNormalization(), new ActivationLayer(layer.Activation)]
            : [planned.Layer])).Plan();
        var weights = new WeightSet(normalized.Weights.Select(weight => KeyValuePair.Create(
            weight.Key, new Weight(weight.Shape.Dimensions, new float[weight.Shape.Elements]))));
        var model = new TrainedModel(
            normalized, weights, new ImagePreprocessing(227, [0, 0, 0], [1, 1, 1]), [.. "abcdefghij".Select(c => $"{c}")]);

        var folded = BatchNormalizationFold.Fold(model).Plan;

        Assert.AreEqual(58_322_314, folded.Parameters);
        Assert.AreEqual(ModelSummary.Format(reference), ModelSummary.Format(folded));
    }

    private static WeightSet Fold(Sequential stack, IEnumerable<KeyValuePair<string, Weight>> weights)
    {
        var side = stack.Input.Height;
        var model = new TrainedModel(
            stack.Plan(), new WeightSet(weights), new ImagePreprocessing(side, [0, 0, 0], [1, 1, 1]), ["a", "b"]);
        return BatchNormalizationFold.Fold(model).Weights;
    }

    private static Layer[] Layers(TrainedModel model) => [.. model.Plan.Select(planned => planned.Layer)];

    private static string Describe(PlannedLayer layer) => layer.Layer is WeightedLayer { Activation: not Activation.Linear and var activation }
        ? $"{layer.Name} {activation.ToString().ToLowerInvariant()}"
        : layer.Name;

    private static Sequential Stack(params Layer[] layers) => new(TensorShape.Image(8, 8, 3), layers);
}
