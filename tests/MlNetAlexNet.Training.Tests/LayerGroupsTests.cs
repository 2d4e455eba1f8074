using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Tests;

[TestClass]
public sealed class LayerGroupsTests
{
    private static readonly string[] Classes = ["a", "b", "c"];

    // conv2d_1, max_pooling2d_1, flatten_1, dropout_1, dense_1, dense_2
    [TestMethod]
    [DataRow("conv2d_1", 3)] // with the pooling and the vector behind it, that dropout may draw anew
    [DataRow("flatten_1", 3)]
    [DataRow("dropout_1", 4)]
    [DataRow("dense_1", 5)]
    public void FreezeUntil_ALayer_FreezesItAndWhatComesOfIt(string name, int layers) =>
        Assert.AreEqual(layers, Resolve(new() { FreezeUntil = name }).FrozenLayers);

    [TestMethod]
    [DataRow("conv2d_9", "FreezeUntil names 'conv2d_9', which is no layer of the stack. Known: conv2d_1, max_pooling2d_1, flatten_1,")]
    [DataRow("dense_2", "nothing would be left to train")]
    public void FreezeUntil_WithoutAnEffect_IsRefused(string name, string why) => Refused(new() { FreezeUntil = name }, why);

    [TestMethod]
    public void FreezeUntil_BeforeAnyWeights_IsRefused() => Refused(
        new() { FreezeUntil = "zero_padding2d_1" },
        "no layer up to it has weights",
        new Sequential(TensorShape.Image(28, 28, 3))
        {
            new ZeroPadding2D(1, 1, 1, 1), new Conv2D(2, 5), new Flatten(), new Dense(3, Activation.Softmax),
        });

    [TestMethod]
    public void FreezeUntil_OfADrawnStart_IsRefused() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => TinyPictures.Start.Resolve(Classes, Form, new() { FreezeUntil = "conv2d_1" })).Message,
        "draws its weights at random");

    [TestMethod]
    public void FreezeUntil_ALayerWithANormalization_FreezesBothAndPutsNoneBeforeIt()
    {
        var stack = new Sequential(TensorShape.Image(28, 28, 3))
        {
            new Conv2D(8, 5, 4), new BatchNormalization(), new ActivationLayer(Activation.Relu), new Conv2D(4, 3),
            new Flatten(), new Dense(9, Activation.Relu), new Dense(3, Activation.Softmax),
        };
        var first = Resolve(new() { FreezeUntil = "conv2d_1", BatchNormalization = true }, stack);
        Assert.AreEqual(3, first.FrozenLayers);
        Assert.AreEqual(3, first.Model.Plan.Count(planned => planned.Layer is BatchNormalization));

        var second = Resolve(new() { FreezeUntil = "conv2d_2", BatchNormalization = true }, stack);
        Assert.AreEqual(5, second.FrozenLayers);
        Assert.AreEqual(2, second.Model.Plan.Count(planned => planned.Layer is BatchNormalization));
        Assert.IsInstanceOfType<Dense>(second.Model.Plan[second.FrozenLayers].Layer);
    }

    [TestMethod]
    public void LayerRates_OfTwoLayers_HoldBackToTheOneBefore()
    {
        var rates = Resolve(new()
        {
            LayerRates = new Dictionary<string, double> { ["dense_1"] = 0.5, ["conv2d_1"] = 0.1 },
        }).Rates;

        Assert.AreEqual((0.1, 0.5), (rates["conv2d_1"], rates["dense_1"]));
        Assert.IsFalse(rates.ContainsKey("dense_2"));
    }

    [TestMethod]
    public void InitialWeightsRate_WithNewUnits_LeavesTheLastLayerTheWholeRate()
    {
        var options = new TrainingOptions { InitialWeightsRate = 0.1, BatchNormalization = true };
        foreach (var classes in (string[][])[["d", "e", "f"], ["a", "b", "c", "d"]])
        {
            var rates = TrainingStart.FromModel(Model(Stack)).Resolve(classes, Form, options).Rates;
            Assert.AreEqual((0.1, 0.1), (rates["conv2d_1"], rates["dense_1_normalization"]));
            Assert.IsFalse(rates.ContainsKey("dense_2"));
        }

        Assert.AreEqual(0.1, Resolve(options).Rates["dense_2"]);
    }

    [TestMethod]
    public void Rates_WithoutAnEffect_AreRefused()
    {
        Refused(new() { LayerRates = new Dictionary<string, double> { ["dense_9"] = 0.5 } }, "LayerRates names 'dense_9', which is no layer");
        Refused(
            new() { FreezeUntil = "dense_1", LayerRates = new Dictionary<string, double> { ["conv2d_1"] = 0.5 } },
            "LayerRates names 'conv2d_1', but no layer with weights is trained");
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(
                () => TinyPictures.Start.Resolve(Classes, Form, new() { InitialWeightsRate = 0.1 })).Message,
            "InitialWeightsRate is 0.1, but no layer that is trained has initial weights");
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => TrainingStart.FromModel(Model(Stack)).Resolve(
                ["d", "e"], Form, new() { InitialWeightsRate = 0.1, FreezeUntil = "dense_1" })).Message,
            "InitialWeightsRate is 0.1, but no layer that is trained has initial weights");
    }

    private static Sequential Stack => TinyPictures.Network(3, 0.2);

    private static PictureForm Form => new(32, ImageResizeMode.Crop);

    private static StartingModel Resolve(TrainingOptions options, Sequential? stack = null) =>
        TrainingStart.FromModel(Model(stack ?? Stack)).Resolve(Classes, Form, options);

    private static void Refused(TrainingOptions options, string why, Sequential? stack = null) =>
        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => Resolve(options, stack)).Message, why);

    private static TrainedModel Model(Sequential stack)
    {
        var plan = stack.Plan();
        return new TrainedModel(
            plan, WeightInitializer.HeNormal(plan, new Random(2)),
            new ImagePreprocessing(28, [0, 0, 0], [255, 255, 255]) { ImageSize = 32 }, Classes);
    }
}
