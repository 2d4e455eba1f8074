using System.Numerics;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Stochastic gradient descent with momentum and weight decay as PyTorch's <c>torch.optim.SGD</c>: d = g + decay w;
/// v = momentum v + d; w = w - rate v, or with Nesterov's momentum w - rate (d + momentum v). A parameter's own decay is in
/// place of the optimizer's.
/// </summary>
internal sealed class Sgd(
    IReadOnlyList<TorchParameter> parameters, double momentum, bool isNesterov, double weightDecay)
    : Optimizer(parameters, Rule.States)
{
    private protected override void UpdateFused(
        TorchParameter parameter, Tensor gradient, IReadOnlyList<Tensor> states, double rate) => FusedUpdate.Apply(
        parameter, gradient, states, new Rule((float)rate, (float)momentum, isNesterov, (float)DecayOf(parameter)));

    private protected override void UpdateByTorch(
        TorchParameter parameter, Tensor gradient, IReadOnlyList<Tensor> states, double rate)
    {
        // A 16-bit gradient is widened as it is added.
        var decay = DecayOf(parameter);
        var velocity = states[0].mul_(momentum).add_(gradient).add_(parameter.Master, alpha: decay);
        var step = isNesterov
            ? velocity.mul(momentum).add_(gradient).add_(parameter.Master, alpha: decay)
            : velocity;
        parameter.Master.add_(step, alpha: -rate);
    }

    private double DecayOf(TorchParameter parameter) => parameter.Decay ?? weightDecay;

    private readonly struct Rule(float rate, float momentum, bool isNesterov, float decay) : IUpdateRule
    {
        public static int States => 1;

        public Vector<float> Update(
            Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            var direction = gradient + weight * decay;
            first = first * momentum + direction;
            return weight - (isNesterov ? direction + first * momentum : first) * rate;
        }
    }
}
