using MlNetAlexNet.Completion;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Completion;

[TestClass]
public sealed class ReversedChannelsTests
{
    public static IEnumerable<object[]> Stacks =>
    [
        ["a convolution", new Layer[] { new Conv2D(4, 3), new Flatten() }],
        ["what keeps channels apart before it", new Layer[]
        {
            new ZeroPadding2D(1, 0, 2, 1), new BatchNormalization(), new LocalResponseNormalization(3), new MaxPooling2D(2),
            new LeakyReLU(), new AveragePooling2D(2, strides: 1), new ActivationLayer(Activation.Tanh), new ELU(),
            new Dropout(0.5), new Conv2D(4, 2, groups: 1, useBias: false), new BatchNormalization(), new Flatten(),
        }],
        ["a dense layer", new Layer[] { new MaxPooling2D(2), new Flatten(), new Dense(5, Activation.Relu) }],
        ["a normalization of the flattened picture", new Layer[]
        {
            new AdaptiveAveragePooling2D(2), new Flatten(), new BatchNormalization(), new Dense(5, Activation.Relu),
        }],
    ];

    [TestMethod]
    [DynamicData(nameof(Stacks))]
    public void Apply_NetworkForBlueFirst_ScoresRedFirstTheSame(string what, Layer[] layers)
    {
        var stack = new Sequential(TensorShape.Image(8, 8, 3), [.. layers, new Dense(3, Activation.Softmax)]);
        var blueFirst = AllRandom(TinyModel.Of(stack, imageSize: 8, seed: 1));
        var redFirst = Normalized(
            new(blueFirst.Plan, ReversedChannels.Apply(blueFirst.Plan, blueFirst.Weights), blueFirst.Preprocessing, blueFirst.Classes));
        var pixels = TinyModel.Pixels(blueFirst, new Random(2));

        var expected = ReferenceNetwork.Score(Normalized(blueFirst), Turned(pixels));

        var actual = ReferenceNetwork.Score(redFirst, pixels);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-12, what);
        Assert.AreNotEqual(expected[0], ReferenceNetwork.Score(redFirst, Turned(pixels))[0], 1e-6, what);
    }

    [TestMethod]
    public void Apply_ConvolutionOfEachColourAlone_IsRefusedByName()
    {
        var plan = new Sequential(TensorShape.Image(4, 4, 3)) { new Conv2D(6, 3, groups: 3), new Flatten(), new Dense(2) }.Plan();
        var weights = WeightInitializer.HeNormal(plan, new Random(1));

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => ReversedChannels.Apply(plan, weights)).Message, "'conv2d_1' (Conv2D)");
    }

    private static TrainedModel Normalized(TrainedModel model) => new(
        model.Plan, model.Weights, model.Preprocessing with { Mean = [128, 128, 128], StandardDeviation = [64, 64, 64] }, model.Classes);

    // Statistics that differ between channels, so that one at the wrong place shows.
    private static TrainedModel AllRandom(TrainedModel model)
    {
        var random = new Random(3);
        foreach (var (_, weight) in model.Weights.Where(pair => pair.Key.Contains("normalization", StringComparison.Ordinal)))
        {
            for (var i = 0; i < weight.Values.Length; i++)
                weight.Values[i] = 0.5f + random.NextSingle();
        }

        return model;
    }

    private static byte[] Turned(byte[] pixels) => [.. pixels.Chunk(3).SelectMany(pixel => pixel.Reverse())];
}
