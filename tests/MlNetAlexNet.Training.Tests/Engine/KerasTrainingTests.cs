using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

/// <summary>
/// Three steps of training with batch normalization against Keras' own: a batch of four pictures of the classes 0 to 3,
/// plain gradient descent.
/// </summary>
[TestClass]
public sealed class KerasTrainingTests
{
    private const int Steps = 3;
    private const int Pictures = 4;
    private const double LearningRate = 0.01;

    // Losses and outputs of Keras 2 and 3 differ by 1.2e-5 from each other. Those of Keras 2 come of other variances.
    [TestMethod]
    [DataRow("keras2", 2e-5f, 1e-4f)]
    [DataRow("keras3", 2e-5f, 2e-5f)]
    public void Training_ThreeBatches_GivesTheStatisticsLossesAndOutputsOfKeras(string keras, float loss, float output)
    {
        var (plan, before) = Read($"{keras}-bn_train-before.h5");
        using var scope = NewDisposeScope();

        var (trained, losses, outputs) = Train(plan, before);

        AssertNear(NpyFile.Read(Expected.Keras($"{keras}-bn_train-losses.npy")).Floats, losses, loss, "losses");
        AssertNear(NpyFile.Read(Expected.Keras($"{keras}-bn_train-after.y.npy")).Floats, outputs, output, "outputs");
        var after = Read($"{keras}-bn_train-after.h5").Weights;
        foreach (var layer in plan)
        {
            foreach (var key in layer.Weights.Select(layer.GetWeightName))
            {
                var expected = keras == "keras2" && key.EndsWith("/moving_variance", StringComparison.Ordinal)
                    ? WithoutBessel(layer, before[key].Values, after[key].Values)
                    : after[key].Values;
                AssertNear(expected, trained[key].Values, 1e-5f, key);
            }
        }
    }

    private static (WeightSet Weights, float[] Losses, float[] Outputs) Train(LayerPlan plan, WeightSet start)
    {
        var pictures = NpyFile.Read(Expected.Keras("x99b.npy"));
        using var network = new TorchNetwork(plan, start, KerasNetworks.Preprocessing(plan), CPU, ScalarType.Float32);
        using var dropout = new DropoutMasks(1, CPU);
        using var loss = new ClassificationLoss([.. Enumerable.Repeat(1f, 10)], smoothing: 0, CPU);
        var leaves = network.Parameters.Select(parameter => parameter.Compute).ToList();
        var optimizer = new Sgd(network.Parameters, momentum: 0, weightDecay: 0);
        var input = network.Normalize(tensor(pictures.Bytes).reshape(Pictures, 99, 99, 3));
        var losses = Enumerable.Range(0, Steps).Select(_ =>
        {
            var cost = loss.Compute(network.Forward(input, dropout), arange(Pictures, ScalarType.Int64));
            optimizer.Step(autograd.grad([cost], leaves), LearningRate);
            return cost.item<float>();
        }).ToArray();

        using var noGradient = no_grad();
        return (network.ToWeightSet(), losses, network.Forward(input, dropout: null).softmax(1).data<float>().ToArray());
    }

    // What a step adds is n / (n - 1) times too much in Keras 2, whose kernel for pictures gives the unbiased variance.
    private static float[] WithoutBessel(PlannedLayer layer, float[] before, float[] after)
    {
        double count = Pictures * layer.Input.Height * layer.Input.Width;
        var kept = Math.Pow(((BatchNormalization)layer.Layer).Momentum, Steps);
        return [.. before.Zip(after, (old, now) => (float)(kept * old + (now - kept * old) * (count - 1) / count))];
    }

    private static (LayerPlan Plan, WeightSet Weights) Read(string file)
    {
        var content = KerasFile.Read(Expected.Keras(file));
        return (content.Plan, content.Weights);
    }

    private static void AssertNear(float[] expected, float[] actual, float tolerance, string what)
    {
        Assert.HasCount(expected.Length, actual);
        Assert.IsLessThan(tolerance, expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), what);
    }
}
