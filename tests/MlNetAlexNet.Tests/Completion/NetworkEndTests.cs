using MlNetAlexNet.Completion;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Completion;

[TestClass]
public sealed class NetworkEndTests
{
    // One pixel of 10, 20 and 30; the weighted sum is 0.5 x 10 - 0.25 x 20 + 0.1 x 30 = 3, and a bias of -1.5 makes 1.5.
    private static readonly byte[] s_pixel = [10, 20, 30];
    private const double Logit = 1.5;

    public static IEnumerable<object[]> SigmoidEnds =>
    [
        [new Layer[] { new Dense(1, Activation.Sigmoid) }],
        [new Layer[] { new Dense(1), new ActivationLayer(Activation.Sigmoid) }],
        [new Layer[] { new Dense(1), new Dropout(0.5), new ActivationLayer(Activation.Linear), new ActivationLayer(Activation.Sigmoid) }],
        [new Layer[] { new Dense(1, Activation.Sigmoid), new ActivationLayer(Activation.Linear), new Dropout(0.5) }],
    ];

    [TestMethod]
    [DynamicData(nameof(SigmoidEnds))]
    public void Complete_OneSigmoid_GivesTwoClassesWhoseSecondHasIt(Layer[] end)
    {
        var completed = NetworkEnd.Complete(Network(end), said: null, isOfFile: true);

        var sigmoid = 1 / (1 + Math.Exp(-Logit));
        var scores = Score(completed);
        Assert.AreEqual(1 - sigmoid, scores[0], 1e-7);
        Assert.AreEqual(sigmoid, scores[1], 1e-7);
        CollectionAssert.AreEqual(
            new[] { "the one output as the probability of the second of two classes" }, completed.Assumed.ToArray());
    }

    [TestMethod]
    public void Complete_OneSigmoidBehindANormalization_IsTheSame()
    {
        var network = Network(new Dense(1), new BatchNormalization(epsilon: 0), new ActivationLayer(Activation.Sigmoid));
        Set(network, "gamma", 3);
        Set(network, "beta", -1);
        Set(network, "moving_mean", 0.5f);
        Set(network, "moving_variance", 4);

        var scores = Score(NetworkEnd.Complete(network, said: null, isOfFile: true));

        Assert.AreEqual(1 / (1 + Math.Exp(-((Logit - 0.5) / 2 * 3 - 1))), scores[1], 1e-7);
    }

    public static IEnumerable<object[]> FilterEnds =>
    [
        [new Layer[] { new Conv2D(1, 1), new AdaptiveAveragePooling2D(1), new Flatten(), new ActivationLayer(Activation.Sigmoid) }],
        [new Layer[] { new Conv2D(1, 1, activation: Activation.Sigmoid), new Flatten() }],
    ];

    [TestMethod]
    [DynamicData(nameof(FilterEnds))]
    public void Complete_OneFilter_IsTheSame(Layer[] layers)
    {
        var plan = new Sequential(TensorShape.Image(1, 1, 3), layers).Plan();
        var weights = new WeightSet(
        [
            new("conv2d_1/kernel", new Weight([1, 3, 1, 1], [0.5f, -0.25f, 0.1f])),
            new("conv2d_1/bias", new Weight([1], [-1.5f])),
        ]);

        var scores = Score(NetworkEnd.Complete(new(plan, weights, []), said: null, isOfFile: true));

        Assert.AreEqual(1 / (1 + Math.Exp(-Logit)), scores[1], 1e-7);
    }

    [TestMethod]
    public void Complete_OneNumber_IsRefusedUntilItsFunctionIsSaid()
    {
        var network = Network(new Dense(1));

        var fault = Assert.ThrowsExactly<AlexNetException>(
            () => NetworkEnd.Complete(network, said: null, isOfFile: true));
        StringAssert.Contains(fault.Message, "set LastActivation to Sigmoid");
        Assert.AreEqual("LastActivation", fault.Option);
        var scores = Score(NetworkEnd.Complete(network, Activation.Sigmoid, isOfFile: true));
        Assert.AreEqual(1 / (1 + Math.Exp(-Logit)), scores[1], 1e-7);
    }

    [TestMethod]
    public void Complete_OneOutputOfAPreset_IsRefusedUntilItsFunctionIsSaid()
    {
        var network = Network(new Dense(1, Activation.Softmax)); // of torchvision's stack for one class

        StringAssert.Contains(Refused(network, isOfFile: false), "set LastActivation to Sigmoid");
        Assert.HasCount(2, Score(NetworkEnd.Complete(network, Activation.Sigmoid, isOfFile: false)));
        StringAssert.Contains(Refused(network, isOfFile: true), "softmax over one output");
    }

    [TestMethod]
    public void Complete_Logits_GetASoftmax()
    {
        foreach (var end in (Layer[][])
            [[new Dense(2)], [new Dense(2), new ActivationLayer(Activation.Linear)], [new Dense(2), new Dropout(0.5)]])
        {
            var network = Network(end);

            var scores = Score(NetworkEnd.Complete(network, said: null, isOfFile: true));

            Assert.AreEqual(1 / (1 + Math.Exp(-Logit)), scores[0], 1e-7); // the other logit is 0
            CollectionAssert.AreEqual(
                new[] { "a softmax over what the last layer gives" },
                NetworkEnd.Complete(network, said: null, isOfFile: true).Assumed.ToArray());
            Assert.IsEmpty(NetworkEnd.Complete(network, Activation.Softmax, isOfFile: true).Assumed);
        }
    }

    [TestMethod]
    public void Complete_Softmax_StaysAsItIs()
    {
        var network = Network(new Dense(2, Activation.Softmax));

        Assert.AreSame(network, NetworkEnd.Complete(network, said: null, isOfFile: true));
        Assert.AreSame(network, NetworkEnd.Complete(network, Activation.Softmax, isOfFile: true));
    }

    public static IEnumerable<object[]> OtherEnds =>
    [
        [new Layer[] { new Dense(3, Activation.Sigmoid) }, "multi-label"],
        [new Layer[] { new Dense(3), new ActivationLayer(Activation.Sigmoid) }, "multi-label"],
        [new Layer[] { new Dense(3, Activation.Sigmoid), new ActivationLayer(Activation.Linear) }, "multi-label"],
        [new Layer[] { new Dense(3, Activation.Tanh) }, "ends in a tanh"],
        [new Layer[] { new Dense(1, Activation.Tanh) }, "ends in a tanh"],
        [new Layer[] { new Dense(3), new ActivationLayer(Activation.Relu) }, "ends in a relu"],
        [new Layer[] { new Dense(3), new LeakyReLU() }, "ends in a LeakyReLU"],
        [new Layer[] { new Dense(1, Activation.Sigmoid), new ActivationLayer(Activation.Sigmoid) }, "makes 0.5 of 0"],
    ];

    [TestMethod]
    [DynamicData(nameof(OtherEnds))]
    public void Complete_WhatGivesNoProbabilities_IsRefusedByName(Layer[] end, string why) =>
        StringAssert.Contains(Refused(Network(end)), why);

    [TestMethod]
    public void Complete_OtherFunctionThanTheNetworksOwn_IsRefused()
    {
        StringAssert.Contains(Refused(Network(new Dense(2, Activation.Softmax)), Activation.Sigmoid), "a softmax of its own");
        StringAssert.Contains(Refused(Network(new Dense(2)), Activation.Sigmoid), "multi-label");
        StringAssert.Contains(Refused(Network(new Dense(1)), Activation.Softmax), "softmax over one output");
    }

    private static string Refused(ModelFileContent network, Activation? said = null, bool isOfFile = true) =>
        Assert.ThrowsExactly<AlexNetException>(() => NetworkEnd.Complete(network, said, isOfFile)).Message;

    private static void Set(ModelFileContent network, string weight, float value) =>
        network.Weights.Single(pair => pair.Key.EndsWith(weight, StringComparison.Ordinal)).Value.Values[0] = value;

    // The first unit gives the logit, the others 0.
    private static ModelFileContent Network(params Layer[] end)
    {
        var plan = new Sequential(TensorShape.Image(1, 1, 3), [new Flatten(), .. end]).Plan();
        var weights = plan.Weights.ToDictionary(
            weight => weight.Key, weight => new Weight(weight.Shape.Dimensions, new float[weight.Shape.Elements]));
        ((float[])[0.5f, -0.25f, 0.1f]).CopyTo(weights["dense_1/kernel"].Values, 0);
        weights["dense_1/bias"].Values[0] = -1.5f;
        return new ModelFileContent(plan, new WeightSet(weights), Ignored: []);
    }

    private static double[] Score(ModelFileContent completed)
    {
        var model = (completed with
        {
            Preprocessing = new ImagePreprocessing(1, [0, 0, 0], [1, 1, 1]) { ImageSize = 1 },
            Classes = ["a", "b"],
        }).Model;
        return ReferenceNetwork.Score(model, s_pixel);
    }
}
