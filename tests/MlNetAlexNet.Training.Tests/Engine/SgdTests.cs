using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class SgdTests
{
    private static readonly torch.Device Cpu = TorchDevice.Resolve(Training.Device.Cpu);

    // A length that neither vectors nor chunks divide.
    private const int Length = (1 << 16) + 13;

    [TestMethod]
    public void Step_Float32_EqualsPyTorchsSgd()
    {
        using var scope = NewDisposeScope();
        var random = new Random(3);
        var start = Normal(random);
        var oracle = new TorchSharp.Modules.Parameter(tensor(start.ToArray()));
        var sgd = optim.SGD([oracle], learningRate: 0.1, momentum: 0.9, weight_decay: 0.01);
        using var parameter = new TorchParameter("w", new Weight([Length], start), Cpu, ScalarType.Float32);
        var ours = new Sgd([parameter], momentum: 0.9, weightDecay: 0.01);
        for (var step = 0; step < 3; step++)
        {
            var gradient = tensor(Normal(random));
            oracle.grad = gradient.clone();
            sgd.step();
            ours.Step([gradient], 0.1);
        }

        var difference = (oracle - parameter.Master).abs().max().item<float>();
        Assert.IsLessThan(1e-5f, difference);
        Assert.IsGreaterThan(0.1f, (oracle - tensor(start)).abs().max().item<float>());
    }

    [TestMethod]
    public void Step_BFloat16_UpdatesTheMasterAndRoundsTheCopyAsTorch()
    {
        using var scope = NewDisposeScope();
        var random = new Random(4);
        var start = Normal(random);
        using var parameter = new TorchParameter("w", new Weight([Length], start), Cpu, ScalarType.BFloat16);
        var ours = new Sgd([parameter], momentum: 0.9, weightDecay: 0.01);
        var gradient = tensor(Normal(random)).to(ScalarType.BFloat16);
        ours.Step([gradient], 0.1);

        // By hand: v = g + 0.01 w, w - 0.1 v.
        var g = gradient.to(ScalarType.Float32).data<float>().ToArray();
        var expected = start.Select((w, i) => w - 0.1f * (g[i] + 0.01f * w)).ToArray();
        Assert.IsLessThan(1e-6f, (tensor(expected) - parameter.Master).abs().max().item<float>());
        Assert.IsFalse(parameter.Compute.ne(parameter.Master.to(ScalarType.BFloat16)).any().item<bool>());
    }

    // What is done on a GPU, done with tensors on the CPU.
    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.BFloat16)]
    public void UpdateByTorch_AsOnAGpu_IsTheUpdateOfTheCpu(ScalarType format)
    {
        using var scope = NewDisposeScope();
        var random = new Random(5);
        var start = new Weight([Length], Normal(random));
        using var cpu = new TorchParameter("w", start, Cpu, format);
        using var card = new TorchParameter("w", start, Cpu, format);
        for (var step = 0; step < 3; step++)
        {
            var gradient = tensor(Normal(random)).to(format);
            FusedSgd.Update(cpu, gradient, 0.1f, 0.9f, 0.01f);
            using var noGradient = no_grad();
            Sgd.UpdateByTorch(card, gradient, 0.1, 0.9, 0.01);
        }

        Assert.IsLessThan(1e-6f, (cpu.Master - card.Master).abs().max().item<float>());
        Assert.IsFalse(card.Compute.ne(card.Master.to(format)).any().item<bool>());
        Assert.IsGreaterThan(0.1f, (card.Master - tensor(start.Values)).abs().max().item<float>());
    }

    [TestMethod]
    public void ClipNorm_LongerGradient_IsScaledToTheLimit()
    {
        using var scope = NewDisposeScope();
        Tensor[] gradients = [tensor(new[] { 3f, 0f }), tensor(new[] { 4f })];
        Sgd.ClipNorm(gradients, 1);
        Assert.AreEqual(0.6f, gradients[0][0].item<float>(), 1e-6f);
        Assert.AreEqual(0.8f, gradients[1][0].item<float>(), 1e-6f);
    }

    [TestMethod]
    public void ClipNorm_ShorterGradient_StaysAsItIs()
    {
        using var scope = NewDisposeScope();
        Tensor[] gradients = [tensor(new[] { 0.3f, 0f }), tensor(new[] { 0.4f })];
        Sgd.ClipNorm(gradients, 1);
        Assert.AreEqual(0.3f, gradients[0][0].item<float>(), 1e-6f);
    }

    private static float[] Normal(Random random) =>
        [.. Enumerable.Range(0, Length).Select(_ => (float)(random.NextDouble() - 0.5))];
}
