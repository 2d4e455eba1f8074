using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class OptimizerTests
{
    private const double Rate = 0.01;
    private const double Decay = 0.05;
    private static readonly torch.Device Cpu = TorchDevice.Resolve(Training.Device.Cpu);

    // A length that neither vectors nor chunks divide.
    private static readonly int[] Dimensions = [1, (1 << 16) + 13];

    public static IEnumerable<TrainingOptions> Kinds =>
    [
        new() { WeightDecay = Decay },
        new() { WeightDecay = Decay, Momentum = 0.8, Nesterov = true },
        new() { WeightDecay = Decay, Optimizer = OptimizerKind.AdamW },
    ];

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Step_Float32_EqualsPyTorchs(TrainingOptions options)
    {
        using var scope = NewDisposeScope();
        var random = new Random(3);
        var start = Draw(random);
        var oracle = new TorchSharp.Modules.Parameter(ToTensor(start));
        using var pyTorchs = CreateOracle(options, oracle);
        using var parameter = new TorchParameter("w", new Weight(Dimensions, start), Cpu, ScalarType.Float32);
        using var ours = Optimizer.Create(options, [parameter]);
        for (var step = 0; step < 4; step++)
        {
            var gradient = ToTensor(Draw(random));
            oracle.grad = gradient.clone();
            pyTorchs.step();
            ours.Step([gradient], Rate);
        }

        Assert.IsLessThan(1e-6f, (oracle - parameter.Master).abs().max().item<float>());
        Assert.IsGreaterThan(0.01f, (oracle - ToTensor(start)).abs().max().item<float>());
    }

    // Keras' regularizer is part of the loss: l2 x sum of squares, of which 2 l2 w is the gradient. PyTorch's Adam and SGD add
    // their weight decay to the gradient so.
    [TestMethod]
    [DataRow(OptimizerKind.Sgd, true)]
    [DataRow(OptimizerKind.AdamW, true)]
    [DataRow(OptimizerKind.Sgd, false)]
    [DataRow(OptimizerKind.AdamW, false)]
    public void Step_ParameterWithADecayOfItsOwn_HasItInItsGradientAlone(OptimizerKind kind, bool isFused)
    {
        const double l2 = 0.3;
        using var scope = NewDisposeScope();
        var random = new Random(4);
        var start = Draw(random);
        var oracle = new TorchSharp.Modules.Parameter(ToTensor(start));
        using optim.Optimizer pyTorchs = kind == OptimizerKind.AdamW
            ? optim.Adam([oracle], lr: Rate)
            : optim.SGD([oracle], Rate, momentum: 0.9);
        using var parameter = new TorchParameter("w", new Weight(Dimensions, start), Cpu, ScalarType.Float32) { Decay = 2 * l2 };
        using Optimizer ours = kind == OptimizerKind.AdamW
            ? new AdamW([parameter], Decay) { IsFused = isFused }
            : new Sgd([parameter], 0.9, isNesterov: false, Decay) { IsFused = isFused };
        for (var step = 0; step < 4; step++)
        {
            var gradient = ToTensor(Draw(random));
            var penalty = l2 * oracle.square().sum();
            oracle.grad = gradient + autograd.grad([penalty], [oracle])[0];
            pyTorchs.step();
            ours.Step([gradient], Rate);
        }

        Assert.IsLessThan(1e-6f, (oracle - parameter.Master).abs().max().item<float>());
    }

    // What is done on a GPU, done on the CPU.
    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Step_AsOnAGpu_IsTheStepOfTheCpu(TrainingOptions options)
    {
        foreach (var format in (ScalarType[])[ScalarType.Float32, ScalarType.BFloat16])
        {
            using var scope = NewDisposeScope();
            var random = new Random(5);
            var start = new Weight(Dimensions, Draw(random));
            using var fused = new TorchParameter("w", start, Cpu, format);
            using var card = new TorchParameter("w", start, Cpu, format);
            using var onCpu = Optimizer.Create(options, [fused]);
            using Optimizer onCard = options.Optimizer == OptimizerKind.AdamW
                ? new AdamW([card], Decay) { IsFused = false }
                : new Sgd([card], options.Momentum, options.Nesterov, Decay) { IsFused = false };
            for (var step = 0; step < 3; step++)
            {
                var gradient = ToTensor(Draw(random)).to(format);
                onCpu.Step([gradient], Rate);
                onCard.Step([gradient], Rate);
            }

            Assert.IsLessThan(1e-6f, (fused.Master - card.Master).abs().max().item<float>());
            Assert.IsFalse(card.Compute.ne(card.Master.to(format)).any().item<bool>());
            Assert.IsGreaterThan(0.01f, (card.Master - ToTensor(start.Values)).abs().max().item<float>());
        }
    }

    [TestMethod]
    public void Step_BFloat16_UpdatesTheMasterAndRoundsTheCopyAsTorch()
    {
        using var scope = NewDisposeScope();
        var random = new Random(4);
        var start = Draw(random);
        using var parameter = new TorchParameter("w", new Weight(Dimensions, start), Cpu, ScalarType.BFloat16);
        using var ours = new Sgd([parameter], momentum: 0.9, isNesterov: false, weightDecay: 0.01);
        var gradient = ToTensor(Draw(random)).to(ScalarType.BFloat16);
        ours.Step([gradient], 0.1);

        // By hand: v = g + 0.01 w, w - 0.1 v.
        var g = gradient.to(ScalarType.Float32).data<float>().ToArray();
        var expected = start.Select((w, i) => w - 0.1f * (g[i] + 0.01f * w)).ToArray();
        Assert.IsLessThan(1e-6f, (ToTensor(expected) - parameter.Master).abs().max().item<float>());
        Assert.IsFalse(parameter.Compute.ne(parameter.Master.to(ScalarType.BFloat16)).any().item<bool>());
    }

    // As two param groups of PyTorch's: the first step of AdamW moves by the rate, and decays by it as well.
    [TestMethod]
    public void Step_TwoRates_MovesEachWeightByItsOwn()
    {
        using var scope = NewDisposeScope();
        using var whole = new TorchParameter("w", new Weight([1, 1], [2]), Cpu, ScalarType.Float32);
        using var slow = new TorchParameter("s", new Weight([1, 1], [2]), Cpu, ScalarType.Float32) { RateFactor = 0.25 };
        using var sgd = new Sgd([whole, slow], momentum: 0.9, isNesterov: false, weightDecay: 0.5);
        sgd.Step([full([1, 1], 3f), full([1, 1], 3f)], learningRate: 0.1);
        Assert.AreEqual(2 - 0.1f * (3 + 0.5f * 2), whole.ToWeight().Values[0], 1e-6f);
        Assert.AreEqual(2 - 0.025f * (3 + 0.5f * 2), slow.ToWeight().Values[0], 1e-6f);

        using var adam = new AdamW([whole, slow], weightDecay: 0.5);
        adam.Step([full([1, 1], 3f), full([1, 1], 3f)], learningRate: 0.1);
        Assert.AreEqual(1.6f * (1 - 0.1f * 0.5f) - 0.1f, whole.ToWeight().Values[0], 1e-6f);
        Assert.AreEqual(1.9f * (1 - 0.025f * 0.5f) - 0.025f, slow.ToWeight().Values[0], 1e-6f);
    }

    [TestMethod]
    public void Step_AdamWOfABias_DoesNotDecayIt()
    {
        using var scope = NewDisposeScope();
        using var bias = new TorchParameter("b", new Weight([2], [1, -1]), Cpu, ScalarType.Float32);
        using var adam = new AdamW([bias], weightDecay: 0.5);
        adam.Step([zeros(2)], learningRate: 0.1);
        CollectionAssert.AreEqual((float[])[1, -1], bias.ToWeight().Values);
    }

    [TestMethod]
    public void ClipNorm_LongerGradient_IsScaledToTheLimit()
    {
        using var scope = NewDisposeScope();
        Tensor[] gradients = [tensor(new[] { 3f, 0f }), tensor(new[] { 4f })];
        Optimizer.ClipNorm(gradients, 1);
        Assert.AreEqual(0.6f, gradients[0][0].item<float>(), 1e-6f);
        Assert.AreEqual(0.8f, gradients[1][0].item<float>(), 1e-6f);
    }

    [TestMethod]
    public void ClipNorm_ShorterGradient_StaysAsItIs()
    {
        using var scope = NewDisposeScope();
        Tensor[] gradients = [tensor(new[] { 0.3f, 0f }), tensor(new[] { 0.4f })];
        Optimizer.ClipNorm(gradients, 1);
        Assert.AreEqual(0.3f, gradients[0][0].item<float>(), 1e-6f);
    }

    private static optim.Optimizer CreateOracle(TrainingOptions options, TorchSharp.Modules.Parameter weights) =>
        options.Optimizer == OptimizerKind.AdamW
            ? optim.AdamW([weights], lr: Rate, weight_decay: Decay)
            : optim.SGD([weights], Rate, options.Momentum, weight_decay: Decay, nesterov: options.Nesterov);

    private static Tensor ToTensor(float[] values) => tensor(values).reshape(1, -1);

    private static float[] Draw(Random random) =>
        [.. Enumerable.Range(0, Dimensions[1]).Select(_ => (float)(random.NextDouble() - 0.5))];
}
