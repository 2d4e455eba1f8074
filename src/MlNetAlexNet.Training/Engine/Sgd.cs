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
                UpdateByTorch(parameter, gradients[i], learningRate, momentum, weightDecay);
            }
        }
    }

    /// <summary>The update by Torch's operators, for other devices than the CPU.</summary>
    internal static void UpdateByTorch(
        TorchParameter parameter, Tensor gradient, double rate, double momentum, double decay)
    {
        // A 16-bit gradient is widened as it is added.
        parameter.Momentum.mul_(momentum).add_(gradient).add_(parameter.Master, alpha: decay);
        parameter.Master.add_(parameter.Momentum, alpha: -rate);
        if (!ReferenceEquals(parameter.Compute, parameter.Master))
        {
            parameter.Compute.copy_(parameter.Master);
        }
    }

    /// <summary>
    /// Scales the gradients, in place, so that their norm over all weights is at most <paramref name="limit"/>
    /// (Pascanu et al. 2013). On a GPU it waits for nothing.
    /// </summary>
    public static void ClipNorm(IList<Tensor> gradients, double limit)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var norm = gradients
            .Select(gradient => gradient.to(ScalarType.Float32).norm().to(ScalarType.Float64).square())
            .Aggregate((sum, square) => sum + square).sqrt();               // one number
        if (norm.device_type == DeviceType.CPU && !(norm.item<double>() > limit))
        {
            return;
        }

        var factor = full_like(norm, limit).div_(norm).clamp_max_(1);       // one number; of a norm of 0 it is 1
        foreach (var gradient in gradients)
        {
            gradient.mul_(factor);
        }
    }
}
