using MlNetAlexNet.Evaluation;
using static System.FormattableString;

namespace MlNetAlexNet.Quantization;

/// <summary>
/// Whether a quantized model is kept. A few validation pictures say little, and a figure on the wrong side of its limit by
/// luck is no reason to refuse: it must be on the wrong side, and so far that luck has a chance under 5 %.
/// <para>
/// So 341 pictures refuse from 12 that differ on (an agreement of 96.5 %), 20 pictures from 3 on; and 5 pictures lost with
/// none won are a loss, 4 may be luck.
/// </para>
/// </summary>
internal static class QuantizationVerdict
{
    /// <summary>The usual level of a test (Fisher 1925, "Statistical Methods for Research Workers", section 12).</summary>
    private const double Significance = 0.05;

    /// <summary>
    /// Why so few validation pictures say nothing; null if they are enough. Of n pictures one is 100 / n points: where that is more
    /// than may be lost, a single picture by chance weighs more than the loss that is looked for. Half a point takes 200.
    /// </summary>
    /// <param name="options">The limits.</param>
    /// <param name="pictures">Validation pictures, 1 or more.</param>
    public static AlexNetException? FindTooFew(QuantizationOptions options, int pictures)
    {
        var least = 100 / options.MaximumLoss;
        return pictures >= least ? null : new AlexNetException(
            Invariant($"A loss of {options.MaximumLoss:0.0###} points cannot be told on {pictures} validation {(pictures == 1 ? "picture" : "pictures")}, ")
            + Invariant($"one of which is {100.0 / pictures:0.0} points; it takes {Math.Ceiling(least):0}. '{options.Output}' is not written. ")
            + "Give more validation pictures, or allow a larger loss, which then is all that is known of the quantized model.")
        {
            Option = nameof(options.MaximumLoss),
        };
    }

    /// <summary>Why the quantized model is not kept; null if it is.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="comparison">The float32 model as the first.</param>
    public static AlexNetException? FindFault(QuantizationOptions options, PairedComparison comparison)
    {
        var loses = comparison.Loss > options.MaximumLoss && comparison.LossPValue < Significance;
        var differs = comparison.Agreement < options.MinimumAgreement
            && comparison.DisagreementPValue(options.MinimumAgreement) < Significance;
        if (!loses && !differs)
            return null;

        string[] reasons =
        [
            .. loses
                ? [Invariant($"It loses {comparison.Loss:0.0} points of accuracy, more than the {options.MaximumLoss:0.0###} ")
                    + Invariant($"allowed: of {comparison.Pictures} validation pictures {comparison.OnlyFirstRight} are no longer ")
                    + Invariant($"right and {comparison.OnlySecondRight} are newly so, which is not luck ")
                    + Invariant($"({Format(comparison.LossPValue)} in McNemar's exact test, below {Significance}).")]
                : Array.Empty<string>(),
            .. differs
                ? [Invariant($"It gives {comparison.Pictures - comparison.Same} of {comparison.Pictures} validation pictures ")
                    + Invariant($"another class than the float32 model: {comparison.Agreement:0.0%} agree, fewer than the ")
                    + Invariant($"{options.MinimumAgreement:0.0##%} required, and too few to be luck ")
                    + Invariant($"({Format(comparison.DisagreementPValue(options.MinimumAgreement))}, below {Significance}).")]
                : Array.Empty<string>(),
        ];
        string[] ways = [.. loses ? ["allow a larger loss"] : Array.Empty<string>(), .. differs ? ["require less agreement"] : Array.Empty<string>()];
        return new AlexNetException(
            $"The quantized model is not kept and '{options.Output}' is not written. {string.Join(' ', reasons)} "
            + $"Use the float32 zip, calibrate with more pictures, or {string.Join(" and ", ways)}.")
        {
            Option = loses ? nameof(options.MaximumLoss) : nameof(options.MinimumAgreement),
        };
    }

    private static string Format(double chance) => chance < 0.0001 ? "p < 0.0001" : Invariant($"p = {chance:0.0000}");
}
