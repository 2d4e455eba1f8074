using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Keeps the weights of the best epoch: the highest validation accuracy, of equal ones the lowest validation loss.
/// Without validation each epoch is better than the one before.
/// </summary>
internal sealed class BestWeights(TorchNetwork network, int? patience)
{
    private WeightSet? _weights;
    private (double Accuracy, double NegativeLoss) _best = (double.NegativeInfinity, double.NegativeInfinity);
    private int _epochsSince;

    /// <summary>From 1; 0 before the first epoch has ended.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether the best epoch is so long ago that training stops.</summary>
    public bool IsStale => _epochsSince >= patience;

    /// <summary>The weights of that epoch; before the first one has ended, those of now.</summary>
    public WeightSet Weights => _weights ?? network.ToWeightSet();

    /// <summary>Whether the epoch that just ended is the best so far.</summary>
    public bool Offer(int epoch, Tally? validated)
    {
        var score = validated is null ? (epoch, 0) : (validated.Accuracy, -validated.Loss);
        if (score.CompareTo(_best) <= 0)
        {
            _epochsSince++;
            return false;
        }

        (_best, _epochsSince, Epoch, _weights) = (score, 0, epoch, network.ToWeightSet());
        return true;
    }
}
