using System.Globalization;

namespace MlNetAlexNet.Completion;

/// <summary>
/// Whether a mean and a deviation are of values from 0 to 255, as everywhere in this library, or from 0 to 1, as
/// PyTorch's users write them (0.485, 0.456, 0.406 and 0.229, 0.224, 0.225).
/// </summary>
/// <remarks>
/// A mean is of values from 0 to 1 if all its numbers are from 0 to 1 and one is above 0; a deviation if all its numbers
/// are below 1. Both at once: they are multiplied by 255. Neither: they are taken as they are, so 123, 117, 104 with 1, and
/// 0 with 1 or 255, keep their meaning. Anything else could be either, and is refused with both readings: one that looks
/// like 0 to 1 beside another that does not or is not given, and one that mixes the two.
/// </remarks>
internal static class ValueUnits
{
    private const float Whole = 255;

    /// <summary>The numbers for values from 0 to 255.</summary>
    /// <param name="mean">As given; null for none.</param>
    /// <param name="deviation">As given; null for none.</param>
    /// <param name="assumed">Takes a sentence if they were of values from 0 to 1.</param>
    /// <exception cref="AlexNetException">They could be of either.</exception>
    public static (IReadOnlyList<float>? Mean, IReadOnlyList<float>? Deviation) Resolve(
        IReadOnlyList<float>? mean, IReadOnlyList<float>? deviation, List<string> assumed)
    {
        var meanLooksSmall = mean?.Any(value => value is > 0 and <= 1) ?? false;
        var deviationLooksSmall = deviation?.Any(value => value < 1) ?? false;
        if (!meanLooksSmall && !deviationLooksSmall)
            return (mean, deviation);

        if (mean is null || deviation is null || !meanLooksSmall || !deviationLooksSmall
            || mean.Any(value => value is < 0 or > 1) || deviation.Any(value => value >= 1))
        {
            throw new AlexNetException(
                $"{Given("Mean", mean)} with {Given("StandardDeviation", deviation)} can be read in two ways: of values from 0 "
                + $"to 255 as they are, or of values from 0 to 1, which is {Given("Mean", Times255(mean))} with "
                + $"{Given("StandardDeviation", Times255(deviation))} of those from 0 to 255. Give both in one unit.");
        }

        assumed.Add("mean and deviation of values from 0 to 1, times 255");
        return (Times255(mean), Times255(deviation));
    }

    private static float[]? Times255(IReadOnlyList<float>? values) => values?.Select(value => value * Whole).ToArray();

    private static string Given(string name, IReadOnlyList<float>? values) => values is null
        ? $"no {name}"
        : $"{name} {string.Join(", ", values.Select(value => value.ToString("0.#####", CultureInfo.InvariantCulture)))}";
}
