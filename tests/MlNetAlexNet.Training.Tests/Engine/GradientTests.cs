using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

/// <summary>
/// The gradients of the engine against differences of its own results: what a layer keeps for its gradient must not be
/// overwritten by the ReLU after it.
/// </summary>
[TestClass]
public sealed class GradientTests
{
    private const int Seed = 11;
    private static readonly ImagePreprocessing s_preprocessing = new(12, [128, 128, 128], [64, 64, 64]) { ImageSize = 12 };

    private static readonly object[][] s_stacks =
    [
        ["normalization between ReLUs", Stack(
            new Conv2D(6, 3, activation: Activation.Relu), new LocalResponseNormalization(alpha: 0.2),
            new ActivationLayer(Activation.Relu), new ActivationLayer(Activation.Relu))],
        ["normalization of a linear convolution", Stack(
            new Conv2D(6, 3), new LocalResponseNormalization(3, alpha: 0.2), new ActivationLayer(Activation.Relu))],
        ["pooling", Stack(
            new Conv2D(6, 3, activation: Activation.Relu), new AveragePooling2D(3, 2, Layers.Padding.Same),
            new ActivationLayer(Activation.Relu), new AdaptiveAveragePooling2D((2, 3)))],
        ["dilation, zero padding, no bias", Stack(
            new ZeroPadding2D(0, 1, 2, 0), new Conv2D(4, 3, dilation: 2, useBias: false, groups: 1),
            new ActivationLayer(Activation.Relu), new Conv2D(4, 3, activation: Activation.Relu, groups: 2))],
        ["batch normalization after and before activations", Stack(
            new Conv2D(6, 3, activation: Activation.Relu), new BatchNormalization(), new Conv2D(6, 3, useBias: false),
            new BatchNormalization(0.9, 0.1), new ActivationLayer(Activation.Relu), new BatchNormalization(scale: false))],
        ["batch normalization of vectors", Stack(
            new Conv2D(6, 3), new Flatten(), new Dense(7, Activation.Tanh), new BatchNormalization(), new LeakyReLU(),
            new BatchNormalization(center: false, epsilon: 0.5))],
        ["sigmoid and tanh", Stack(
            new Conv2D(6, 3, activation: Activation.Sigmoid), new Conv2D(6, 3, activation: Activation.Tanh),
            new ActivationLayer(Activation.Sigmoid), new ActivationLayer(Activation.Tanh))],
        ["below zero", Stack(
            new Conv2D(6, 3), new LeakyReLU(0.2), new Conv2D(6, 3, activation: Activation.Elu), new LeakyReLU(),
            new Conv2D(6, 3), new ELU(0.7), new ActivationLayer(Activation.Elu))],
    ];

    public static IEnumerable<object[]> Stacks =>
        from stack in s_stacks from training in (bool[])[false, true] select (object[])[.. stack, training];

    [TestMethod]
    [DynamicData(nameof(Stacks))]
    public void Gradient_OfEveryWeight_IsTheSlopeOfTheLoss(string name, Sequential stack, bool training)
    {
        var plan = stack.Plan();
        var random = new Random(Seed);
        var start = WeightInitializer.HeNormal(plan, random);
        var pixels = new byte[2 * 12 * 12 * 3];
        random.NextBytes(pixels);
        var direction = plan.Weights.ToDictionary(
            weight => weight.Key,
            weight => start[weight.Key].Values
                .Select(_ => weight.Shape.IsTrainable ? (float)(random.NextDouble() - 0.5) : 0).ToArray());

        const float Step = 2e-4f;
        var slope = (Loss(plan, Moved(Step), pixels, training) - Loss(plan, Moved(-Step), pixels, training)) / (2 * Step);

        var gradients = Gradients(plan, start, pixels, training);
        var expected = gradients.Sum(pair => pair.Value.Zip(direction[pair.Key], (g, d) => (double)g * d).Sum());
        Assert.AreEqual(expected, slope, Math.Max(1e-3, Math.Abs(expected) * 0.02), $"{name}, seed {Seed}");
        Assert.IsGreaterThan(0.01, Math.Abs(expected), name);

        WeightSet Moved(float step) => new(start.Select(weight => KeyValuePair.Create(weight.Key, weight.Value with
        {
            Values = [.. weight.Value.Values.Zip(direction[weight.Key], (value, d) => value + step * d)],
        })));
    }

    private static double Loss(LayerPlan plan, WeightSet weights, byte[] pixels, bool training)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = Network(plan, weights);
        return Cost(network, pixels, training).item<double>();
    }

    private static Dictionary<string, float[]> Gradients(LayerPlan plan, WeightSet weights, byte[] pixels, bool training)
    {
        using var scope = NewDisposeScope();
        using var network = Network(plan, weights);
        var leaves = network.Parameters.Select(parameter => parameter.Compute).ToList();
        return network.Parameters
            .Zip(autograd.grad([Cost(network, pixels, training)], leaves))
            .ToDictionary(pair => pair.First.Key, pair => pair.Second.contiguous().data<float>().ToArray());
    }

    private static Tensor Cost(TorchNetwork network, byte[] pixels, bool training)
    {
        using var dropout = training ? new DropoutMasks(1, CPU) : null; // of no layer here; batch normalization asks
        var logits = network.Forward(network.Normalize(tensor(pixels).reshape(2, 12, 12, 3)), dropout);
        return (logits.to(ScalarType.Float64) * tensor((double[])[1, -2, 3])).sum();
    }

    private static TorchNetwork Network(LayerPlan plan, WeightSet weights) =>
        new(plan, weights, s_preprocessing, CPU, ScalarType.Float32);

    private static Sequential Stack(params Layer[] layers)
    {
        var stack = new Sequential(TensorShape.Image(12, 12, 3));
        foreach (var layer in (Layer[])[.. layers, new Flatten(), new Dense(3), new ActivationLayer(Activation.Softmax)])
        {
            stack.Add(layer);
        }

        return stack;
    }
}
