namespace MlNetAlexNet.Evaluation;

/// <summary>Two models on the same pictures: how often they say the same, and whether the second is worse, or better, by more than luck.</summary>
/// <param name="Pictures">Pictures scored by both, at least 1.</param>
/// <param name="Same">Those that both give the same class, right or wrong.</param>
/// <param name="OnlyFirstRight">Those that the first model has right and the second wrong.</param>
/// <param name="OnlySecondRight">Those that the second model has right and the first wrong.</param>
public sealed record PairedComparison(int Pictures, int Same, int OnlyFirstRight, int OnlySecondRight)
{
    /// <summary>Share of the pictures that both give the same class, 0 to 1.</summary>
    public double Agreement => (double)Same / Pictures;

    /// <summary>Points of top-1 accuracy that the second has less; below 0 where it is the better one.</summary>
    public double Loss => 100.0 * (OnlyFirstRight - OnlySecondRight) / Pictures;

    /// <summary>Points of top-1 accuracy that the second has more; below 0 where it is the worse one.</summary>
    public double Gain => -Loss;

    /// <summary>
    /// Chance that a second model as good as the first loses as many pictures or more, 0 to 1: the exact test of McNemar
    /// (1947, "Note on the sampling error of the difference between correlated proportions"), one-sided. Only pictures that
    /// one model alone has right tell anything, and of two equal models each has half of those.
    /// </summary>
    public double LossPValue =>
        Binomial.AtLeast(OnlyFirstRight, trials: OnlyFirstRight + OnlySecondRight, probability: 0.5);

    /// <summary>Likewise, that a second model as good as the first wins as many pictures or more.</summary>
    public double GainPValue =>
        Binomial.AtLeast(OnlySecondRight, trials: OnlyFirstRight + OnlySecondRight, probability: 0.5);

    /// <summary>
    /// Chance that two models, each as good as the other, differ as much or more in either direction, 0 to 1: the same test, two-sided.
    /// </summary>
    public double DifferencePValue => Math.Min(1, 2 * Binomial.AtLeast(
        Math.Max(OnlyFirstRight, OnlySecondRight), trials: OnlyFirstRight + OnlySecondRight, probability: 0.5));

    /// <summary>Chance that of models with that agreement as many pictures differ or more, 0 to 1, by the binomial distribution.</summary>
    /// <param name="agreement">Share of all pictures there are that get the same class, 0 to 1.</param>
    public double DisagreementPValue(double agreement) => Binomial.AtLeast(Pictures - Same, Pictures, 1 - agreement);

    /// <summary>Counts.</summary>
    /// <param name="actual">The true class of each picture.</param>
    /// <param name="first">What the first model says.</param>
    /// <param name="second">What the second model says.</param>
    internal static PairedComparison Count(
        IReadOnlyList<string> actual, IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        var (same, onlyFirst, onlySecond) = (0, 0, 0);
        for (var i = 0; i < actual.Count; i++)
        {
            if (first[i] == second[i])
                same++;
            else if (first[i] == actual[i])
                onlyFirst++;
            else if (second[i] == actual[i])
                onlySecond++;
        }

        return new PairedComparison(actual.Count, same, onlyFirst, onlySecond);
    }
}
