using static System.FormattableString;

namespace MlNetAlexNet.Promotion;

/// <summary>Whether a challenger takes the champion's place.</summary>
/// <param name="IsPromoted">Whether it does.</param>
/// <param name="Reason">Why, in a sentence or two.</param>
public sealed record PromotionVerdict(bool IsPromoted, string Reason);

/// <summary>
/// When a challenger takes the champion's place: if it is better on all held-out pictures by more than luck, by the exact test of
/// McNemar, one-sided; and if of the classes that both know it has no fewer right.
/// </summary>
/// <remarks>
/// The second part matters where there are new classes. Of these the champion has nothing right, as it has not where it is used, so
/// that the gain counts; but any challenger that has learnt them would win by that alone, and what is won there must not be lost with
/// the classes that people rely on. Without new classes the first part implies the second.
/// </remarks>
public sealed record PromotionRule
{
    /// <summary>
    /// The chance below which a gain is not taken for luck, above 0 and below 1. Default 0.05, the usual level of a test
    /// (Fisher 1925, "Statistical Methods for Research Workers", section 12).
    /// </summary>
    public double Significance { get; init; } = 0.05;

    /// <summary>Pictures that must be won, if none is lost, for a gain that is not luck: 5 for 0.05, since 1 / 2^5 is below it.</summary>
    /// <exception cref="AlexNetException"><see cref="Significance"/> is out of range.</exception>
    public int FewestWins
    {
        get
        {
            if (Significance is not (> 0 and < 1))
                throw new AlexNetException(Invariant($"Significance is {Significance}; it must be above 0 and below 1."));

            var wins = 1;
            for (var chance = 0.5; chance >= Significance; chance /= 2)
                wins++;
            return wins;
        }
    }

    /// <summary>
    /// Why no challenger whatever could be promoted, so that there is no sense in training one; null if one could be.
    /// </summary>
    /// <param name="pictures">The held-out ones.</param>
    /// <param name="championClasses">What the champion knows, by the names of today.</param>
    /// <param name="champion">What it says of each picture.</param>
    public string? FindHopeless(HeldOutPictures pictures, IReadOnlyCollection<string> championClasses, IReadOnlyList<string> champion)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        string[] perfect = [.. pictures.Pictures.Select(picture => picture.Label)];
        var best = ModelComparison.Count(pictures, championClasses, champion, perfect);
        if (best.All is not { } all)
            return "There are no held-out pictures, which neither model has seen, to compare on. Add pictures.";

        if (best.Shared is null)
        {
            return Invariant($"None of the {all.Pictures} held-out pictures is of a class that the champion knows, so that nothing would show what it loses. ")
                + "Say which classes have got another name, or add pictures of its classes.";
        }

        var wins = all.Won;
        return wins >= FewestWins ? null
            : Invariant($"The champion has {all.ChampionRight} of the {all.Pictures} held-out pictures right, so that {wins} could be won at most, ")
            + Invariant($"and for p < {Significance} it takes {FewestWins}. Hold out more pictures.");
    }

    /// <summary>Decides.</summary>
    /// <param name="comparison">Of all held-out pictures, at least one.</param>
    public PromotionVerdict Decide(ModelComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var all = comparison.All ?? throw new ArgumentException("There are no pictures to decide by.", nameof(comparison));
        var (won, lost, chance) = (all.Won, all.Lost, all.GainPValue);
        var figures =
            Invariant($"Of {all.Pictures} held-out pictures the challenger has {all.ChallengerRight} right and the champion {all.ChampionRight}: ")
            + Invariant($"{won} won and {lost} lost, p = {Format(chance)}");
        if (!(chance < Significance))
            return new(false, Invariant($"{figures}, not below {Significance}: that may be luck."));

        return comparison.Shared is { } shared && shared.ChallengerRight < shared.ChampionRight
            ? new(false,
                Invariant($"{figures}. But of the {shared.Pictures} pictures of classes that both know it has {shared.ChallengerRight} right ")
                + Invariant($"and the champion {shared.ChampionRight}: what is won with new classes must not be lost with old ones."))
            : new(true, Invariant($"{figures}, below {Significance}."));
    }

    private static string Format(double chance) => chance < 0.0001 ? Invariant($"{chance:0.0e+0}") : Invariant($"{chance:0.0000}");
}
