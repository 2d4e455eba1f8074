using MlNetAlexNet.Training.Checkpoints;

namespace MlNetAlexNet.Training.Engine;

/// <summary>The learning rate of every step of one fit.</summary>
internal sealed class LearningRate(TrainingOptions options, int stepsPerEpoch)
{
    private readonly int _steps = stepsPerEpoch * options.Epochs;

    // A short training must not spend itself on warming up.
    private readonly int _warmUp = Math.Min(options.WarmUpSteps, stepsPerEpoch * options.Epochs / 2);

    /// <summary>What <see cref="LearningRateSchedule.ReduceOnPlateau"/> goes by.</summary>
    public PlateauState Plateau { get; set; } = new(Factor: 1, double.PositiveInfinity, EpochsWithoutGain: 0);

    /// <summary>A function of the step alone, but for <see cref="LearningRateSchedule.ReduceOnPlateau"/>.</summary>
    /// <param name="step">Over the whole training, from 0.</param>
    public double Get(int step) => options.LearningRate * (step < _warmUp
        ? (step + 1.0) / (_warmUp + 1)
        : options.Schedule switch
        {
            LearningRateSchedule.Constant => 1,
            LearningRateSchedule.Cosine => (1 + Math.Cos(Math.PI * (step - _warmUp) / Math.Max(1, _steps - _warmUp))) / 2,
            LearningRateSchedule.Step => Math.Pow(
                options.DecayFactor, Math.Floor(step / ((double)options.DecayEpochs * stepsPerEpoch))),
            LearningRateSchedule.ReduceOnPlateau => Plateau.Factor,
            var schedule => throw new NotSupportedException($"No formula for the schedule {schedule}."),
        });

    /// <summary>Tells <see cref="LearningRateSchedule.ReduceOnPlateau"/> how the epoch went.</summary>
    public void EndEpoch(double? validationLoss)
    {
        if (validationLoss < Plateau.LowestLoss)
            Plateau = Plateau with { LowestLoss = validationLoss.Value, EpochsWithoutGain = 0 };
        else if (Plateau.EpochsWithoutGain + 1 >= options.DecayEpochs)
            Plateau = Plateau with { Factor = Plateau.Factor * options.DecayFactor, EpochsWithoutGain = 0 };
        else
            Plateau = Plateau with { EpochsWithoutGain = Plateau.EpochsWithoutGain + 1 };
    }
}
