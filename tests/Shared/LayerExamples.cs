using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests;

/// <summary>
/// Each kind of layer with other settings than its defaults, at the head of a small network. A new kind needs an example
/// here; then every engine and every file format is asked for it.
/// </summary>
internal static class LayerExamples
{
    private static readonly TensorShape s_input = TensorShape.Image(8, 8, 3);

    private static readonly Activation[] s_activations =
        [Activation.Relu, Activation.Sigmoid, Activation.Tanh, Activation.Elu];

    private static readonly Dictionary<Type, Layer[]> s_examples = new()
    {
        [typeof(Conv2D)] =
        [
            new Conv2D(4, (3, 2), strides: (2, 1), Padding.Same, Activation.Relu),
            new Conv2D(6, 3, dilation: (2, 1), groups: 3, useBias: false),
            .. s_activations.Select(activation => new Conv2D(4, 3, activation: activation)),
        ],
        [typeof(MaxPooling2D)] = [new MaxPooling2D((3, 2), strides: (2, 1), Padding.Same)],
        [typeof(AveragePooling2D)] = [new AveragePooling2D((3, 2), strides: (2, 1), Padding.Same)],
        [typeof(AdaptiveAveragePooling2D)] = [new AdaptiveAveragePooling2D((4, 2))],
        [typeof(ZeroPadding2D)] = [new ZeroPadding2D(0, 1, 2, 3)],
        [typeof(LocalResponseNormalization)] = [new LocalResponseNormalization(3, alpha: 0.2, beta: 0.5, k: 1)],
        [typeof(BatchNormalization)] =
        [
            new BatchNormalization(momentum: 0.9, epsilon: 0.05),
            new BatchNormalization(center: false), new BatchNormalization(scale: false),
        ],
        [typeof(ActivationLayer)] = [.. s_activations.Select(activation => new ActivationLayer(activation))],
        [typeof(LeakyReLU)] = [new LeakyReLU(0.2)],
        [typeof(ELU)] = [new ELU(0.7)],
        [typeof(Dropout)] = [new Dropout(0.3)],
        [typeof(Flatten)] = [new Flatten()],
        [typeof(Dense)] =
        [
            new Dense(5, useBias: false), .. s_activations.Select(activation => new Dense(5, activation)),
        ],
    };

    /// <summary>Every kind that there is.</summary>
    public static IEnumerable<Type> Kinds =>
        typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract);

    /// <summary>A network for each example of the kind, with weights that make its scores far from uniform.</summary>
    public static IEnumerable<TrainedModel> Models(Type kind)
    {
        Assert.IsTrue(s_examples.TryGetValue(kind, out var examples), $"{kind.Name} has no example in LayerExamples.");
        return examples.Select(Model);
    }

    /// <summary>Random pixels of one picture.</summary>
    public static byte[] Pixels()
    {
        var pixels = new byte[s_input.Elements];
        new Random(2).NextBytes(pixels);
        return pixels;
    }

    private static TrainedModel Model(Layer example)
    {
        var stack = new Sequential(s_input);
        if (example is Dense)
            stack.Add(new Flatten());
        stack.Add(example);
        if (example is BatchNormalization)
            stack.Add(new MaxPooling2D(2)); // before a layer that adds up it would be worked into that one
        if (!stack.Plan().Output.IsFlat)
            stack.Add(new Flatten());
        stack.Add(new Dense(3, Activation.Softmax));

        var plan = stack.Plan();
        var random = new Random(1);
        var weights = plan.Weights.Select(weight => KeyValuePair.Create(weight.Key, Draw(weight.Shape, random)));
        return new TrainedModel(
            plan,
            new WeightSet(weights),
            new ImagePreprocessing(s_input.Height, [120, 110, 100], [60, 50, 70]) { ImageSize = s_input.Height },
            ["a", "b", "c"]);
    }

    // Wide enough that the classes are told apart, narrow enough that none has all of the probability. Variances and
    // their factors lie around 1.
    private static Weight Draw(WeightShape shape, Random random)
    {
        if (shape.Name is "gamma" or "moving_variance")
            return new Weight(shape.Dimensions, [.. Enumerable.Range(0, (int)shape.Elements).Select(_ => 0.5f + random.NextSingle())]);

        var width = 3 / MathF.Sqrt((float)shape.Elements / shape.Dimensions[0]);
        return new Weight(
            shape.Dimensions,
            [.. Enumerable.Range(0, (int)shape.Elements).Select(_ => width * (random.NextSingle() - 0.5f))]);
    }
}
