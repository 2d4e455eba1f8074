using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class AveragedWeightsTests
{
    [TestMethod]
    public void Exchange_AfterSteps_GivesTheAverageByHandAndBackAgain()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var plan = new Sequential(TensorShape.Image(2, 2, 3)) { new Flatten(), new Dense(2, Activation.Softmax) }.Plan();
        using var network = new TorchNetwork(
            plan, WeightInitializer.HeNormal(plan, new Random(1)), new ImagePreprocessing(2, [0, 0, 0], [1, 1, 1]), CPU,
            ScalarType.BFloat16);
        const double Decay = 0.9;
        using var average = new AveragedWeights(network, Decay);
        var bias = network.Parameters[1];
        double expected = 0, value = 0;
        for (var step = 1; step <= 32; step++)
        {
            bias.Master.add_(1);
            value++;
            average.EndStep();
            if (step % 8 == 0)
            {
                var decay = Math.Min(Math.Pow(Decay, 8), (1.0 + step) / (10 + step));
                expected = decay * expected + (1 - decay) * value;
            }
        }

        network.RefreshCopies();
        average.Exchange();
        Assert.AreEqual(expected, bias.ToWeight().Values[0], 1e-4);
        Assert.AreEqual((float)expected, bias.Compute[0].to(ScalarType.Float32).item<float>(), 0.2f); // in 16 bits
        average.Exchange();
        Assert.AreEqual(32, bias.ToWeight().Values[0], 1e-4);
        Assert.AreEqual(32, bias.Compute[0].to(ScalarType.Float32).item<float>());
    }
}
