using System.Text.Json.Serialization;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Training.Checkpoints;

/// <summary>Where a training is: all that changes in it but its tensors.</summary>
/// <param name="Epoch">Under way, from 1; beyond the last one once all have ended.</param>
/// <param name="Step">Steps done over the whole training.</param>
/// <param name="StepsPerEpoch">Of the training.</param>
/// <param name="Tally">Of the steps done in that epoch.</param>
/// <param name="EpochSeconds">They took.</param>
/// <param name="OptimizerSteps">Steps the optimizer has counted.</param>
/// <param name="AveragedSteps">Steps the averaged weights have counted; 0 without.</param>
/// <param name="Plateau">Of the learning rate.</param>
/// <param name="Best">The best epoch so far.</param>
/// <param name="Precision">Computed in; never <see cref="Precision.Auto"/>.</param>
/// <param name="Threads">That compute on the CPU: sums of more or fewer parts are rounded differently.</param>
/// <param name="History">The epochs that have ended.</param>
internal sealed record TrainingPosition(
    int Epoch,
    int Step,
    int StepsPerEpoch,
    TallyState Tally,
    double EpochSeconds,
    int OptimizerSteps,
    int AveragedSteps,
    PlateauState Plateau,
    BestState Best,
    Precision Precision,
    int Threads,
    IReadOnlyList<EpochCompleted> History)
{
    /// <summary>Whether it can be a place in a training.</summary>
    [JsonIgnore]
    public bool IsPossible => Epoch >= 1 && Step >= 0 && StepsPerEpoch >= 1 && OptimizerSteps >= 0 && AveragedSteps >= 0 && Threads >= 1
        && Tally.Batches >= 0 && Tally.Batches <= StepsPerEpoch && Tally.Pictures >= 0 && Best.Epoch >= 0
        && Precision != Precision.Auto && Enum.IsDefined(Precision);
}

/// <summary>The sums of an epoch under way: costs, pictures that are right, the last loss; batches and pictures.</summary>
internal sealed record TallyState(double Cost, double Right, double LastLoss, int Batches, int Pictures);

/// <summary>What <see cref="LearningRateSchedule.ReduceOnPlateau"/> goes by.</summary>
internal sealed record PlateauState(double Factor, double LowestLoss, int EpochsWithoutGain);

/// <summary>The best epoch, 0 if none has ended, and what it is the best by.</summary>
internal sealed record BestState(int Epoch, double Accuracy, double NegativeLoss, int EpochsSince);

/// <summary>A training that can be gone on with, bit for bit.</summary>
/// <param name="Position">Where it is.</param>
/// <param name="Tensors">
/// 32-bit masters and moving statistics as <c>weights/KEY</c>, what the optimizer keeps of them as <c>optimizer/N/KEY</c>, averaged
/// weights as <c>average/KEY</c>.
/// </param>
/// <param name="Best">The weights of the best epoch; null before the first one has ended.</param>
internal sealed record TrainingSnapshot(
    TrainingPosition Position, IReadOnlyList<KeyValuePair<string, Weight>> Tensors, WeightSet? Best);
