using MlNetAlexNet.Completion;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Completion;

[TestClass]
public sealed class LastUnitsTests
{
    public static IEnumerable<object[]> Ends =>
    [
        [new Layer[] { new Flatten(), new Dense(4, Activation.Relu), new Dense(3, Activation.Softmax) }],
        [new Layer[] { new Flatten(), new Dense(3, useBias: false), new ActivationLayer(Activation.Softmax) }],
        [new Layer[] { new Flatten(), new Dense(3), new BatchNormalization(), new ActivationLayer(Activation.Softmax) }],
        [new Layer[]
        {
            new Conv2D(3, 3, activation: Activation.Relu), new AdaptiveAveragePooling2D(1), new Flatten(),
            new ActivationLayer(Activation.Softmax),
        }],
    ];

    [TestMethod]
    [DynamicData(nameof(Ends))]
    public void Choose_AnotherOrder_GivesTheScoresInIt(Layer[] end)
    {
        var model = TinyModel.Of(new Sequential(TensorShape.Image(6, 6, 3), end), imageSize: 6, seed: 1);
        var random = new Random(4);
        foreach (var (_, weight) in model.Weights.Where(pair => pair.Key.Contains("normalization", StringComparison.Ordinal)))
        {
            for (var i = 0; i < weight.Values.Length; i++)
                weight.Values[i] = 0.5f + random.NextSingle();
        }

        var (plan, weights) = LastUnits.Choose(model.Plan, model.Weights, [2, 0, 1]);

        var reordered = new TrainedModel(plan, weights, model.Preprocessing, ["c", "a", "b"]);
        var pixels = TinyModel.Pixels(model, new Random(2));
        var (expected, actual) = (ReferenceNetwork.Score(model, pixels), ReferenceNetwork.Score(reordered, pixels));
        Assert.AreEqual(expected[2], actual[0], 1e-12); // the sum of the softmax has another order
        Assert.AreEqual(expected[0], actual[1], 1e-12);
        Assert.AreEqual(expected[1], actual[2], 1e-12);
    }

    [TestMethod]
    public void Choose_OutputsThatAreMixed_NamesTheLayer()
    {
        var plan = new Sequential(TensorShape.Image(6, 6, 3)) { new Conv2D(3, 3), new Flatten() }.Plan();

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(
                () => LastUnits.Choose(plan, WeightInitializer.HeNormal(plan, new Random(1)), [2, 0, 1])).Message,
            "'flatten_1' (Flatten) mixes");
    }
}
