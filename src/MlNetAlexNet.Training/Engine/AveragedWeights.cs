using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// The average of the weights over the last steps, each step counting less the longer ago it is (Polyak and Juditsky
/// 1992; the exponential form of TensorFlow's <c>ExponentialMovingAverage</c>, with its warm-up: after t steps the decay is
/// at most (1 + t) / (10 + t), so that a short training does not remember its start). Moving statistics are averaged as
/// weights are.
/// </summary>
internal sealed class AveragedWeights : IDisposable
{
    // Each time is a pass over all weights; neighbouring steps differ little.
    private const int Interval = 8;

    private readonly TorchNetwork _network;
    private readonly double _decay;
    private readonly Tensor[] _averages; // of the network's values, 32 bits

    /// <param name="network">Whose weights are averaged, from now on.</param>
    /// <param name="decay">What the average keeps at a step, from 0 to below 1.</param>
    public AveragedWeights(TorchNetwork network, double decay)
    {
        (_network, _decay) = (network, decay);
        using var noGradient = no_grad();
        _averages = [.. network.Values.Select(value => value.Value.detach().clone().DetachFromDisposeScope())];
    }

    /// <summary>Steps done so far.</summary>
    public int Steps { get; set; }

    /// <summary>The averages by the keys of the network's values.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Values =>
        _network.Values.Zip(_averages, (value, average) => KeyValuePair.Create(value.Key, average));

    /// <summary>Takes in the weights after a step.</summary>
    public void EndStep()
    {
        if (++Steps % Interval != 0)
            return;

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var decay = Math.Min(Math.Pow(_decay, Interval), (1.0 + Steps) / (10 + Steps));
        foreach (var (average, (_, value)) in _averages.Zip(_network.Values))
            average.lerp_(value, 1 - decay);
    }

    /// <summary>The averages become the network's weights, and those the averages; the same again undoes it.</summary>
    public void Exchange()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (average, (_, value)) in _averages.Zip(_network.Values))
        {
            var kept = value.clone();
            value.copy_(average);
            average.copy_(kept);
        }

        _network.RefreshCopies();
    }

    public void Dispose()
    {
        foreach (var average in _averages)
            average.Dispose();
    }
}
