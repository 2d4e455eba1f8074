using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class BatchStatisticsTests
{
    private static readonly BatchNormalization s_layer = new(momentum: 0.75, epsilon: 0);

    // 1 and 3 have the mean 2 and the variance 1, which without Bessel's correction stays 1.
    [TestMethod]
    public void NormalizeByBatch_TwoValues_IsAsWorkedByHand()
    {
        using var scope = NewDisposeScope();
        var statistics = new BatchStatistics(tensor((float[])[4]), tensor((float[])[9]));

        var result = statistics.NormalizeByBatch(
            s_layer, tensor((float[])[1, 3]).reshape(2, 1), gamma: tensor((float[])[2]), beta: tensor((float[])[10]));

        CollectionAssert.AreEqual((float[])[-2 + 10, 2 + 10], result.data<float>().ToArray());
        Assert.AreEqual(0.75f * 4 + 0.25f * 2, statistics.Mean.item<float>());
        Assert.AreEqual(0.75f * 9 + 0.25f * 1, statistics.Variance.item<float>());
    }

    // Channels of 2 x 2 places: (0, 4) twice has the mean 2 and the variance 4.
    [TestMethod]
    public void NormalizeByBatch_Picture_TakesAllPlacesOfAChannel()
    {
        using var scope = NewDisposeScope();
        var statistics = new BatchStatistics(tensor((float[])[0, 0]), tensor((float[])[1, 1]));
        var x = tensor((float[])[0, 4, 0, 4, 5, 5, 5, 5]).reshape(1, 2, 2, 2);

        var result = statistics.NormalizeByBatch(new BatchNormalization(0, epsilon: 12), x, gamma: null, beta: null);

        AssertNear([-0.5f, 0.5f, -0.5f, 0.5f, 0, 0, 0, 0], result);
        CollectionAssert.AreEqual((float[])[2, 5], statistics.Mean.data<float>().ToArray());
        CollectionAssert.AreEqual((float[])[4, 0], statistics.Variance.data<float>().ToArray());
    }

    // The variance of one value is 0, as Keras has it.
    [TestMethod]
    public void NormalizeByBatch_OneVector_GivesBetaAndGradients()
    {
        using var scope = NewDisposeScope();
        var statistics = new BatchStatistics(tensor((float[])[0, 8]), tensor((float[])[4, 8]));
        var x = tensor((float[])[3, -2], requires_grad: true).reshape(1, 2);
        Tensor[] factors = [tensor((float[])[2, 3], requires_grad: true), tensor((float[])[10, 20], requires_grad: true)];

        var result = statistics.NormalizeByBatch(s_layer with { Epsilon = 1e-3 }, x, factors[0], factors[1]);
        var gradients = autograd.grad([result.sum()], [x, .. factors]);

        AssertNear([10, 20], result);
        CollectionAssert.AreEqual((float[])[0.75f, 5.5f], statistics.Mean.data<float>().ToArray());
        CollectionAssert.AreEqual((float[])[3, 6], statistics.Variance.data<float>().ToArray());
        AssertNear([0, 0], gradients[0]);
        AssertNear([0, 0], gradients[1]);
        AssertNear([1, 1], gradients[2]);
    }

    [TestMethod]
    public void Forward_In16Bits_KeepsStatisticsAndFactorsIn32()
    {
        var plan = new Sequential(TensorShape.Image(6, 6, 3))
        {
            new Conv2D(4, 3), new BatchNormalization(), new ActivationLayer(Activation.Relu), new BatchNormalization(scale: false),
            new Flatten(), new BatchNormalization(center: false), new Dense(3, Activation.Softmax),
        }.Plan();
        var weights = WeightInitializer.HeNormal(plan, new Random(1));
        var pixels = new byte[5 * 6 * 6 * 3];
        new Random(2).NextBytes(pixels);
        using var scope = NewDisposeScope();

        var (exact, exactWeights) = Train(ScalarType.Float32);
        var (half, halfWeights) = Train(ScalarType.BFloat16);

        Assert.IsLessThan(0.05, (exact - half).abs().max().item<float>(), "a logit");
        foreach (var (key, shape) in plan.Weights.Where(weight => weight.Shape.Dimensions.Count == 1))
        {
            var values = halfWeights[key].Values;
            for (var i = 0; i < values.Length; i++)
                Assert.AreEqual(exactWeights[key].Values[i], values[i], 0.02, key);
            if (key.StartsWith("batch", StringComparison.Ordinal))
                Assert.IsTrue(values.Any(value => (BitConverter.SingleToUInt32Bits(value) & 0xFFFF) != 0), $"{key} has 16 bits");
        }

        (Tensor Logits, WeightSet Weights) Train(ScalarType compute)
        {
            using var network = new TorchNetwork(
                plan, weights, new ImagePreprocessing(6, [128, 128, 128], [64, 64, 64]), CPU, compute);
            using var dropout = new DropoutMasks(1, CPU);
            var input = network.Normalize(tensor(pixels).reshape(5, 6, 6, 3));
            var logits = network.Forward(input, dropout);
            var gradients = autograd.grad([logits.square().sum()], [.. network.Parameters.Select(parameter => parameter.Compute)]);
            using var sgd = new Sgd(network.Parameters, momentum: 0.9, isNesterov: false, weightDecay: 5e-4);
            sgd.Step(gradients, 1e-3);
            return (logits.detach(), network.ToWeightSet());
        }
    }

    private static void AssertNear(float[] expected, Tensor actual)
    {
        var values = actual.flatten().data<float>().ToArray();
        Assert.HasCount(expected.Length, values);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], values[i], 1e-5f);
    }
}
