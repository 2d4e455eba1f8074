using System.Numerics;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Adam with weight decay of its own (Loshchilov and Hutter 2019, algorithm 2) as PyTorch's <c>torch.optim.AdamW</c>:
/// w = w - rate decay w; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
/// w = w - rate m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon). Biases, gammas and betas, of one dimension, do not
/// decay: they hold no more than a shift or a scale each (timm, <c>optim/_param_groups.py</c>). A parameter's own decay is part
/// of its gradient instead, g = g + decay w, as a regularizer in the loss is to Keras' optimizers.
/// </summary>
internal sealed class AdamW(IReadOnlyList<TorchParameter> parameters, double weightDecay)
    : Optimizer(parameters, Rule.States)
{
    // Kingma and Ba 2015, algorithm 1.
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private const double Epsilon = 1e-8;

    private protected override void UpdateFused(
        TorchParameter parameter, Tensor gradient, IReadOnlyList<Tensor> states, double rate) => FusedUpdate.Apply(
        parameter,
        gradient,
        states,
        new Rule(
            (float)(1 - rate * DecayOf(parameter)),
            (float)(parameter.Decay ?? 0),
            (float)(rate / (1 - Math.Pow(FirstDecay, Steps))),
            (float)(1 / Math.Sqrt(1 - Math.Pow(SecondDecay, Steps)))));

    private protected override void UpdateByTorch(
        TorchParameter parameter, Tensor gradient, IReadOnlyList<Tensor> states, double rate)
    {
        var wide = gradient.to(ScalarType.Float32);
        if (parameter.Decay is { } decay)
            wide = wide.add(parameter.Master, alpha: decay);
        var mean = states[0].mul_(FirstDecay).add_(wide, alpha: 1 - FirstDecay);
        var square = states[1].mul_(SecondDecay).addcmul_(wide, wide, 1 - SecondDecay);
        var deviation = square.sqrt().div_(Math.Sqrt(1 - Math.Pow(SecondDecay, Steps))).add_(Epsilon);
        parameter.Master.mul_(1 - rate * DecayOf(parameter))
            .addcdiv_(mean, deviation, -rate / (1 - Math.Pow(FirstDecay, Steps)));
    }

    private double DecayOf(TorchParameter parameter) => parameter.Dimensions.Count > 1 && parameter.Decay is null ? weightDecay : 0;

    // kept: what the decay leaves of a weight; coupled: what of it is added to the gradient; rate and scale correct the moments for their start at 0.
    private readonly struct Rule(float kept, float coupled, float rate, float scale) : IUpdateRule
    {
        public static int States => 2;

        public Vector<float> Update(
            Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            gradient += weight * coupled;
            first = first * (float)FirstDecay + gradient * (float)(1 - FirstDecay);
            second = second * (float)SecondDecay + gradient * gradient * (float)(1 - SecondDecay);
            var deviation = Vector.SquareRoot(second) * scale + new Vector<float>((float)Epsilon);
            return weight * kept - first / deviation * rate;
        }
    }
}
