using MlNetAlexNet.Training.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class ClassificationLossTests
{
    private static readonly torch.Device Cpu = TorchDevice.Resolve(Training.Device.Cpu);

    // Logits log(1), log(3): probabilities 1/4 and 3/4.
    private static Tensor Logits => tensor(new[] { 0f, MathF.Log(3), 0f, MathF.Log(3) }).reshape(2, 2);

    private static Tensor Labels => tensor(new[] { 0L, 1L });

    [TestMethod]
    public void Compute_Plain_IsTheMeanNegativeLogProbability()
    {
        using var scope = NewDisposeScope();
        using var loss = new ClassificationLoss([1, 1], 0, Cpu);
        Assert.AreEqual((Math.Log(4) + Math.Log(4.0 / 3)) / 2, loss.Compute(Logits, Labels).item<float>(), 1e-6);
    }

    [TestMethod]
    public void Compute_ClassWeights_WeighEachPictureByItsClass()
    {
        using var scope = NewDisposeScope();
        using var loss = new ClassificationLoss([3, 1], 0, Cpu);
        Assert.AreEqual((3 * Math.Log(4) + Math.Log(4.0 / 3)) / 4, loss.Compute(Logits, Labels).item<float>(), 1e-6);
    }

    [TestMethod]
    public void Compute_LabelSmoothing_SpreadsTheTarget()
    {
        using var scope = NewDisposeScope();
        using var loss = new ClassificationLoss([1, 1], 0.2, Cpu);
        var right = 0.9; // 1 - 0.2 + 0.2 / 2 classes
        var expected = (right * Math.Log(4) + 0.1 * Math.Log(4.0 / 3) + right * Math.Log(4.0 / 3) + 0.1 * Math.Log(4)) / 2;
        Assert.AreEqual(expected, loss.Compute(Logits, Labels).item<float>(), 1e-6);
    }
}
