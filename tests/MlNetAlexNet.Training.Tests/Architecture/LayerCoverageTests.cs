using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Engine;
using TorchSharp;
using Padding = MlNetAlexNet.Layers.Padding;

namespace MlNetAlexNet.Training.Tests.Architecture;

/// <summary>Every kind of layer is handled by every engine and file format.</summary>
[TestClass]
public sealed class LayerCoverageTests
{
    private static readonly ImagePreprocessing s_preprocessing = new(8, [1, 2, 3], [4, 5, 6]) { ImageSize = 10 };

    // A new kind of layer needs a stack here, and then a case in each engine and format.
    private static readonly Dictionary<Type, Layer[]> s_stacks = new()
    {
        [typeof(Conv2D)] = [new Conv2D(4, 3, 2, Padding.Same, Activation.Relu), new Flatten(), new Dense(3)],
        [typeof(MaxPooling2D)] = [new MaxPooling2D(3, 2, Padding.Same), new Flatten(), new Dense(3)],
        [typeof(Flatten)] = [new Flatten(), new Dense(3)],
        [typeof(Dense)] = [new Flatten(), new Dense(3, Activation.Softmax)],
        [typeof(Dropout)] = [new Flatten(), new Dropout(0.5), new Dense(3)],
    };

    public static IEnumerable<Type> Layers =>
        typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract);

    [TestMethod]
    [DynamicData(nameof(Layers))]
    public void TorchNetwork_EveryKindOfLayer_GivesALogitAClass(Type layer)
    {
        var plan = Plan(layer);
        NativeLibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var network = new TorchNetwork(plan, Weights(plan), s_preprocessing, torch.CPU, torch.ScalarType.Float32);

        var pixels = torch.zeros([2, 8, 8, 3], torch.ScalarType.Byte);
        var logits = network.Forward(network.Normalize(pixels), dropout: null);

        CollectionAssert.AreEqual((long[])[2, 3], logits.shape);
    }

    private static LayerPlan Plan(Type layer)
    {
        Assert.IsTrue(s_stacks.TryGetValue(layer, out var layers), $"{layer.Name} has no stack in this test.");
        var stack = new Sequential(TensorShape.Image(8, 8, 3));
        foreach (var next in layers)
        {
            stack.Add(next);
        }

        return stack.Plan();
    }

    private static WeightSet Weights(LayerPlan plan) => WeightInitializer.HeNormal(plan, new Random(1));
}
