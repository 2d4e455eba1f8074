using MlNetAlexNet.Images;
using static System.FormattableString;

namespace MlNetAlexNet.Training;

/// <summary>What <see cref="Trainers.AlexNetTrainer"/> takes out of the data it is given. Immutable.</summary>
public sealed record TrainingColumns
{
    /// <summary>The key column to learn. Default <c>Label</c>.</summary>
    public string Label { get; init; } = "Label";

    /// <summary>The pixels, <c>Vector&lt;Byte, 256, 256, 3&gt;</c> with interleaved RGB. Default <c>Pixels</c>.</summary>
    public string Pixels { get; init; } = "Pixels";

    /// <summary>
    /// Share of the training pictures kept for validation where <c>Fit</c> is given none, from 0 to below 1, drawn from
    /// <see cref="TrainingOptions.Seed"/> class by class. Default 0.1; with 0 there is no validation and the last weights
    /// are kept.
    /// </summary>
    public double ValidationFraction { get; init; } = SplitOptions.DefaultFraction;

    /// <summary>A fraction out of range, and a column without a name.</summary>
    internal IEnumerable<string> ListFaults()
    {
        foreach (var (name, column) in new[] { (nameof(Label), Label), (nameof(Pixels), Pixels) })
        {
            if (string.IsNullOrEmpty(column))
                yield return $"{name} is empty; it must be the name of a column.";
        }

        if (ValidationFraction is not (>= 0 and < 1))
            yield return Invariant($"ValidationFraction is {ValidationFraction}; it must be at least 0 and below 1.");
    }
}
