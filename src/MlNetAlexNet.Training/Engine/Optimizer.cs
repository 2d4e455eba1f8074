using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>Moves the weights along their gradients. What it keeps of them from step to step is its own.</summary>
internal abstract class Optimizer : IDisposable
{
    private readonly IReadOnlyList<TorchParameter> _parameters;

    /// <param name="parameters">What it changes.</param>
    /// <param name="states">Values it keeps of each weight, 0 before the first step.</param>
    private protected Optimizer(IReadOnlyList<TorchParameter> parameters, int states)
    {
        _parameters = parameters;
        States =
        [
            .. parameters.Select(parameter => (IReadOnlyList<Tensor>)
                [.. Enumerable.Range(0, states).Select(_ => zeros_like(parameter.Master).DetachFromDisposeScope())]),
        ];
    }

    /// <summary>What is kept of each parameter: of its master's shape and memory order, 32 bits.</summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> States { get; }

    /// <summary>The same, each with its number and the key of the parameter.</summary>
    public IEnumerable<(string Name, Tensor Value)> NameStates() =>
        from pair in _parameters.Zip(States)
        from state in pair.Second.Index()
        select ($"{state.Index}/{pair.First.Key}", state.Item);

    /// <summary>Steps done so far.</summary>
    public int Steps { get; set; }

    /// <summary>Whether the CPU has its own way. Default true; without it does as a GPU, to be tested.</summary>
    internal bool IsFused { get; init; } = true;

    /// <summary>The optimizer that the options ask for.</summary>
    public static Optimizer Create(TrainingOptions options, IReadOnlyList<TorchParameter> parameters) =>
        options.Optimizer switch
        {
            OptimizerKind.Sgd => new Sgd(parameters, options.Momentum, options.Nesterov, options.WeightDecay),
            OptimizerKind.AdamW => new AdamW(parameters, options.WeightDecay),
            var kind => throw new NotSupportedException($"There is no optimizer {kind}."),
        };

    /// <summary>Updates every master and its computing copy.</summary>
    /// <param name="gradients">One for each parameter, of its shape and in its computing format.</param>
    /// <param name="learningRate">Of this step, for parameters whose <see cref="TorchParameter.RateFactor"/> is 1.</param>
    public void Step(IList<Tensor> gradients, double learningRate)
    {
        using var noGradient = no_grad();
        Steps++;
        for (var i = 0; i < _parameters.Count; i++)
        {
            using var scope = NewDisposeScope();
            var parameter = _parameters[i];
            var rate = learningRate * parameter.RateFactor;
            if (IsFused && parameter.Master.device_type == DeviceType.CPU)
            {
                UpdateFused(parameter, gradients[i], States[i], rate);
                continue;
            }

            UpdateByTorch(parameter, gradients[i], States[i], rate);
            parameter.RefreshCopy();
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

    public void Dispose()
    {
        foreach (var state in States.SelectMany(states => states))
            state.Dispose();
    }

    /// <summary>On the CPU: by <see cref="FusedUpdate"/>.</summary>
    private protected abstract void UpdateFused(
        TorchParameter parameter, Tensor gradient, IReadOnlyList<Tensor> states, double rate);

    /// <summary>Elsewhere: the same by Torch's operators, of the master alone.</summary>
    private protected abstract void UpdateByTorch(
        TorchParameter parameter, Tensor gradient, IReadOnlyList<Tensor> states, double rate);
}
