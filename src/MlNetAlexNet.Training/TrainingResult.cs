using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training;

/// <summary>What a training has come to.</summary>
/// <param name="Model">The best weights by validation accuracy; without validation the last ones.</param>
/// <param name="History">One row an epoch that ended.</param>
/// <param name="BestEpoch">The epoch whose weights <paramref name="Model"/> holds, from 1; 0 when none had ended.</param>
/// <param name="Device">What it was trained on.</param>
/// <param name="Precision">The number format of the forward and backward pass.</param>
/// <param name="IsCancelled">Whether <see cref="TrainingObservation.CancellationToken"/> ended it early.</param>
public sealed record TrainingResult(
    TrainedModel Model,
    IReadOnlyList<EpochCompleted> History,
    int BestEpoch,
    string Device,
    Precision Precision,
    bool IsCancelled)
{
    /// <summary>
    /// Why the training ended early though nobody cancelled it, such as a loss that is no longer a number, or a progress handler
    /// that threw; else null. <see cref="Model"/> has the best weights before.
    /// </summary>
    public Exception? Fault { get; init; }

    /// <summary>What it was computed with.</summary>
    internal TorchBuild Torch { get; init; } = new("unknown", "unknown", Threads: 0);
}
