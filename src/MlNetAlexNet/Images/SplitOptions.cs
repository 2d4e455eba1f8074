using static System.FormattableString;

namespace MlNetAlexNet.Images;

/// <summary>
/// How pictures that are not yet split are drawn into training, validation and test parts. Where one goes is a function of the bytes of its
/// file, of the seed and of the shares: pictures that are added or removed move no other, and one that is renamed or copied stays in its
/// part. So shares hold on average, and not to the picture. Only a class that had no picture in a part gives it one, the nearest by the
/// draw, until it has one by itself; what is trained on is never held out for it later, unless a class has hardly more pictures than parts.
/// </summary>
public sealed record SplitOptions
{
    /// <summary>A tenth: enough to choose the best epoch by, and little taken from the training.</summary>
    internal const double DefaultFraction = 0.1;

    /// <summary>Share of each class for validation, 0 up to 1. Default 0.1. 0 draws none.</summary>
    public double ValidationFraction { get; init; } = DefaultFraction;

    /// <summary>Share of each class for the test, 0 up to 1. Default 0.1. 0 draws none.</summary>
    public double TestFraction { get; init; } = DefaultFraction;

    /// <summary>Seed of the draw. Default 1. Keep it, and the shares, for a model that is trained on with more pictures.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Fractions out of range, or that leave nothing to train on.</summary>
    internal IEnumerable<string> ListFaults()
    {
        var (validation, test) = (ValidationFraction is >= 0 and < 1, TestFraction is >= 0 and < 1);
        if (!validation)
            yield return Invariant($"ValidationFraction is {ValidationFraction}; it must be at least 0 and below 1.");

        if (!test)
            yield return Invariant($"TestFraction is {TestFraction}; it must be at least 0 and below 1.");

        if (validation && test && ValidationFraction + TestFraction >= 1)
        {
            yield return Invariant($"ValidationFraction {ValidationFraction} and TestFraction {TestFraction} leave nothing to ")
                + "train on; their sum must be below 1.";
        }
    }
}
