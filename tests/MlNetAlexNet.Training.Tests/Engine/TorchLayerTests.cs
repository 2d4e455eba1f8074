using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

/// <summary>Every kind of layer in the engine that trains.</summary>
[TestClass]
public sealed class TorchLayerTests
{
    public static IEnumerable<Type> Kinds => LayerExamples.Kinds;

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Forward_EveryKindOfLayer_ScoresAsTheLoops(Type kind)
    {
        foreach (var model in LayerExamples.Models(kind))
        {
            using var scope = NewDisposeScope();
            using var network = Network(model);

            var scores = network.Forward(Pixels(network, model), dropout: null).softmax(1).data<float>().ToArray();

            var expected = ReferenceNetwork.Score(model, LayerExamples.Pixels());
            for (var i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], scores[i], 1e-5, $"class {i}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Forward_EveryKindOfLayerInTraining_HasAGradientForEveryWeight(Type kind)
    {
        foreach (var model in LayerExamples.Models(kind))
        {
            using var scope = NewDisposeScope();
            using var network = Network(model);
            using var dropout = new DropoutMasks(1, CPU);

            var cost = network.Forward(Pixels(network, model), dropout)[0, 0];
            var gradients = autograd.grad([cost], [.. network.Parameters.Select(parameter => parameter.Compute)]);

            foreach (var (parameter, gradient) in network.Parameters.Zip(gradients))
                Assert.IsTrue(gradient.isfinite().all().item<bool>() && gradient.any().item<bool>(), parameter.Key);
        }
    }

    private static Tensor Pixels(TorchNetwork network, TrainedModel model) => network.Normalize(
        tensor(LayerExamples.Pixels()).reshape(1, model.Preprocessing.ImageSize, model.Preprocessing.ImageSize, 3));

    private static TorchNetwork Network(TrainedModel model) =>
        new(model.Plan, model.Weights, model.Preprocessing, CPU, ScalarType.Float32);
}
