namespace MlNetAlexNet.Formats.Keras;

/// <summary>Scaling layers one after the other, as one mean and one deviation for each channel.</summary>
internal static class KerasNormalization
{
    private const int MostChannels = 1 << 10; // a small file can state any number

    /// <summary>What the layers together make of values from 0 to 255; null if there is none.</summary>
    /// <param name="scalings">In order.</param>
    /// <param name="read">Reads the variables of one.</param>
    /// <param name="channels">Of the picture.</param>
    /// <exception cref="AlexNetException">They turn values around, or make no numbers of them.</exception>
    public static ValueNormalization? Compose(
        IReadOnlyList<KerasScaling> scalings, Func<KerasScaling, IReadOnlyList<float[]>> read, int channels)
    {
        if (scalings.Count == 0)
            return null;

        if (channels > MostChannels)
            throw new AlexNetException($"{Names(scalings)} takes {channels} channels; pictures have 1 or 3.");

        var (mean, deviation) = (new float[channels], new float[channels]);
        var layers = scalings.Select(scaling => (Scaling: scaling, Variables: read(scaling))).ToArray();
        for (var channel = 0; channel < channels; channel++)
        {
            var (factor, summand) = (1.0, 0.0); // value -> factor x value + summand
            foreach (var (scaling, variables) in layers)
            {
                var (next, added) = scaling.At(variables, channel);
                (factor, summand) = (next * factor, next * summand + added);
            }

            (mean[channel], deviation[channel]) = ((float)(-summand / factor), (float)(1 / factor));
            if (!float.IsFinite(mean[channel]) || !float.IsFinite(deviation[channel]) || deviation[channel] <= 0)
            {
                throw new AlexNetException(FormattableString.Invariant(
                    $"{Names(scalings)} makes {factor:g9} x value + {summand:g9} of channel {channel}; ")
                    + "the factor must be above 0, and both numbers that 32 bits can hold.");
            }
        }

        return new ValueNormalization(mean, deviation, Names(scalings));
    }

    private static string Names(IReadOnlyList<KerasScaling> scalings)
    {
        var names = string.Join("' and '", scalings.Select(scaling => scaling.Place.Name));
        return $"{(scalings.Count == 1 ? "the layer" : "the layers")} '{names}'";
    }
}
