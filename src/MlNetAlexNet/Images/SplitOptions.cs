using static System.FormattableString;

namespace MlNetAlexNet.Images;

/// <summary>How pictures that are not yet split are drawn into training, validation and test parts.</summary>
public sealed record SplitOptions
{
    /// <summary>Share of each class for validation, 0 up to 1. Default 0.1. 0 draws none.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Share of each class for the test, 0 up to 1. Default 0.1. 0 draws none.</summary>
    public double TestFraction { get; init; } = 0.1;

    /// <summary>Seed of the draw. Default 1. The same pictures and seed give the same split.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Throws when a fraction is out of range or the two leave nothing to train on.</summary>
    /// <exception cref="AlexNetException">Names every value that is wrong and its range.</exception>
    internal void Validate()
    {
        var faults = new List<string>();
        if (ValidationFraction is not (>= 0 and < 1))
        {
            faults.Add(Invariant($"ValidationFraction is {ValidationFraction}; allowed: 0 up to, not including, 1."));
        }

        if (TestFraction is not (>= 0 and < 1))
        {
            faults.Add(Invariant($"TestFraction is {TestFraction}; allowed: 0 up to, not including, 1."));
        }

        if (faults.Count == 0 && ValidationFraction + TestFraction >= 1)
        {
            faults.Add(
                Invariant($"ValidationFraction {ValidationFraction} and TestFraction {TestFraction} leave nothing to ")
                + "train on: their sum must be below 1.");
        }

        if (faults.Count > 0)
        {
            throw new AlexNetException(string.Join(Environment.NewLine, faults));
        }
    }
}
