using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Stochastic gradient descent with momentum and weight decay as PyTorch's <c>torch.optim.SGD</c>:
/// v = momentum v + g + decay w; w = w - rate v. On the CPU in one pass over memory, elsewhere with Torch's operators.
/// </summary>
internal sealed class Sgd(IReadOnlyList<TorchParameter> parameters, double momentum, double weightDecay)
{
    /// <summary>Updates every master and its computing copy.</summary>
    /// <param name="gradients">One for each parameter, of its shape and in its computing format.</param>
    /// <param name="learningRate">Of this step.</param>
    public void Step(IList<Tensor> gradients, double learningRate)
    {
        using var noGradient = no_grad();
        for (var i = 0; i < parameters.Count; i++)
        {
            using var scope = NewDisposeScope();
            var parameter = parameters[i];
            if (parameter.Master.device_type == DeviceType.CPU)
            {
                FusedSgd.Update(
                    parameter, gradients[i], (float)learningRate, (float)momentum, (float)weightDecay);
            }
            else
            {
                var gradient = gradients[i].to(ScalarType.Float32);
                var decayed = gradient.add(parameter.Master, alpha: weightDecay);
                parameter.Momentum.mul_(momentum).add_(decayed);
                parameter.Master.add_(parameter.Momentum, alpha: -learningRate);
                if (!ReferenceEquals(parameter.Compute, parameter.Master))
                {
                    parameter.Compute.copy_(parameter.Master);
                }
            }
        }
    }

    /// <summary>
    /// Scales the gradients, in place, so that their norm over all weights is at most <paramref name="limit"/>
    /// (Pascanu et al. 2013).
    /// </summary>
    public static void ClipNorm(IList<Tensor> gradients, double limit)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var norm = Math.Sqrt(gradients.Sum(
            gradient => Math.Pow(gradient.to(ScalarType.Float32).norm().item<float>(), 2)));
        if (norm > limit)
        {
            foreach (var gradient in gradients)
            {
                gradient.mul_(limit / norm);
            }
        }
    }
}
