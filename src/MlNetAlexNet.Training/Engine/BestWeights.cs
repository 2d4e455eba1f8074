using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Checkpoints;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Keeps the weights of the best epoch: the highest validation accuracy, of equal ones the lowest validation loss.
/// Without validation each epoch is better than the one before.
/// </summary>
internal sealed class BestWeights(TorchNetwork network, int? patience)
{
    /// <summary>The best epoch, 0 before the first one has ended, and what it is the best by.</summary>
    public BestState State { get; private set; } = new(Epoch: 0, double.NegativeInfinity, double.NegativeInfinity, EpochsSince: 0);

    /// <summary>The weights of that epoch; null before the first one has ended.</summary>
    public WeightSet? Kept { get; private set; }

    /// <summary>Whether the best epoch is so long ago that training stops.</summary>
    public bool IsStale => State.EpochsSince >= patience;

    /// <summary>The weights of that epoch; before the first one has ended, those of now.</summary>
    public WeightSet Weights => Kept ?? network.ToWeightSet();

    /// <summary>Whether the epoch that just ended is the best so far.</summary>
    public bool Offer(int epoch, Tally? validated)
    {
        var (accuracy, negativeLoss) = validated is null ? (epoch, 0) : (validated.Accuracy, -validated.Loss);
        if ((accuracy, negativeLoss).CompareTo((State.Accuracy, State.NegativeLoss)) <= 0)
        {
            State = State with { EpochsSince = State.EpochsSince + 1 };
            return false;
        }

        (State, Kept) = (new(epoch, accuracy, negativeLoss, EpochsSince: 0), network.ToWeightSet());
        return true;
    }

    /// <summary>Puts both where they were.</summary>
    public void Restore(BestState state, WeightSet? kept) => (State, Kept) = (state, kept);
}
