using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class NormalizationStartTests
{
    [TestMethod]
    public void MeasureNormalization_IntoATrainedNetwork_ChangesNothingItComputes()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var plan = TinyPictures.Network(3, dropout: 0).Plan();
        var random = new Random(5);
        var weights = new WeightSet(WeightInitializer.HeNormal(plan, random).Select(pair => KeyValuePair.Create(
            pair.Key,
            pair.Value with { Values = [.. pair.Value.Values.Select(value => value + (float)random.NextDouble() * 0.1f)] })));
        var preprocessing = new ImagePreprocessing(28, [100, 100, 100], [40, 40, 40]) { ImageSize = 32 };
        var normalized = plan.WithBatchNormalization();
        using var before = new TorchNetwork(plan, weights, preprocessing, CPU, ScalarType.Float32);
        using var after = new TorchNetwork(
            normalized, weights.WithBatchNormalization(normalized), preprocessing, CPU, ScalarType.Float32);
        using var none = new DropoutMasks(1, CPU);
        var pixels = randint(0, 256, [24, 28, 28, 3], ScalarType.Byte);
        var expected = before.Forward(before.Normalize(pixels), dropout: null);
        AssertNear(expected, after.Forward(after.Normalize(pixels), dropout: null), "before it is measured");

        after.MeasureNormalization([pixels.narrow(0, 0, 16), pixels.narrow(0, 16, 8)]);
        AssertNear(expected, after.Forward(after.Normalize(pixels), dropout: null), "once it is measured");

        // By the batch's own statistics, which are those that were measured: so they were.
        AssertNear(expected, after.Forward(after.Normalize(pixels), none), "by the batch");
        Assert.IsTrue(after.ToWeightSet().Where(pair => pair.Key.EndsWith("moving_variance", StringComparison.Ordinal))
            .All(pair => pair.Value.Values.All(value => value != 1)));
    }

    private static void AssertNear(Tensor expected, Tensor actual, string when)
    {
        var apart = (expected - actual).abs().max().item<float>();
        Assert.IsLessThan(1e-4f, apart, when);
        Assert.IsGreaterThan(0.1f, expected.abs().max().item<float>());
    }
}
