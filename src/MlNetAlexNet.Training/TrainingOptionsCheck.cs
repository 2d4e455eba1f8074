using MlNetAlexNet.Models;
using static System.FormattableString;

namespace MlNetAlexNet.Training;

/// <summary>Every fault of a <see cref="TrainingOptions"/> at once, before any work is done.</summary>
internal static class TrainingOptionsCheck
{
    /// <exception cref="AlexNetException">At least one option is out of range; the message lists all that are.</exception>
    public static void Check(TrainingOptions options, bool hasValidation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = Faults(options, hasValidation).ToList();
        if (faults.Count > 0)
        {
            throw new AlexNetException("Training cannot start: " + string.Join(" ", faults));
        }
    }

    private static IEnumerable<string> Faults(TrainingOptions options, bool hasValidation)
    {
        foreach (var (name, value) in new (string, int?)[]
        {
            (nameof(options.Epochs), options.Epochs),
            (nameof(options.BatchSize), options.BatchSize),
            (nameof(options.DecayEpochs), options.DecayEpochs),
            (nameof(options.EarlyStoppingEpochs), options.EarlyStoppingEpochs),
            (nameof(options.TopK), options.TopK),
            (nameof(options.LoadingThreads), options.LoadingThreads),
        })
        {
            if (value < 1)
            {
                yield return Invariant($"{name} is {value}; it must be at least 1.");
            }
        }

        foreach (var (name, value) in new[]
        {
            (nameof(options.Momentum), options.Momentum),
            (nameof(options.Dropout), options.Dropout),
            (nameof(options.LabelSmoothing), options.LabelSmoothing),
            (nameof(options.ValidationFraction), options.ValidationFraction),
        })
        {
            if (value is not (>= 0 and < 1))
            {
                yield return Invariant($"{name} is {value}; it must be at least 0 and below 1.");
            }
        }

        if (options.WarmUpSteps < 0)
        {
            yield return Invariant($"{nameof(options.WarmUpSteps)} is {options.WarmUpSteps}; it must be at least 0.");
        }

        if (options.LearningRate is not (> 0 and < double.PositiveInfinity))
        {
            yield return Invariant($"{nameof(options.LearningRate)} is {options.LearningRate}; it must be above 0, such as 0.01.");
        }

        if (options.WeightDecay is not (>= 0 and < double.PositiveInfinity))
        {
            yield return Invariant($"{nameof(options.WeightDecay)} is {options.WeightDecay}; it must be at least 0, such as 0.0005.");
        }

        if (options.DecayFactor is not (> 0 and < 1))
        {
            yield return Invariant($"{nameof(options.DecayFactor)} is {options.DecayFactor}; it must be between 0 and 1.");
        }

        if (options.GradientClipNorm is not (null or (> 0 and < double.PositiveInfinity)))
        {
            yield return Invariant($"{nameof(options.GradientClipNorm)} is {options.GradientClipNorm}; it must be above 0.");
        }

        foreach (var (name, weight) in options.ClassWeights ?? new Dictionary<string, double>())
        {
            if (weight is not (> 0 and < double.PositiveInfinity))
            {
                yield return Invariant($"{nameof(options.ClassWeights)} gives '{name}' {weight}; it must be above 0.");
            }
        }

        if (options.InitialBias is { } bias && !double.IsFinite(bias))
            yield return Invariant($"{nameof(options.InitialBias)} is {bias}; it must be a finite number.");

        if (options.Network is null
            && !AlexNet.Presets.Any(preset => preset.Name.Equals(options.Preset, StringComparison.OrdinalIgnoreCase)))
        {
            yield return $"{nameof(options.Preset)} is '{options.Preset}'; "
                + $"it must be one of {string.Join(", ", AlexNet.Presets.Select(preset => preset.Name))}.";
        }

        if (!hasValidation && options.EarlyStoppingEpochs is not null)
        {
            yield return $"{nameof(options.EarlyStoppingEpochs)} needs validation pictures; "
                + $"give them, or set {nameof(options.ValidationFraction)} above 0.";
        }

        if (!hasValidation && options.Schedule == LearningRateSchedule.ReduceOnPlateau)
        {
            yield return $"{nameof(options.Schedule)} {options.Schedule} needs validation pictures; "
                + $"give them, or set {nameof(options.ValidationFraction)} above 0.";
        }
    }
}
