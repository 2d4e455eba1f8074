namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// A layer that makes factor x value + summand of each value of a channel: Keras' <c>Rescaling</c> and
/// <c>Normalization</c>.
/// </summary>
/// <param name="Place">Where Keras has it.</param>
internal abstract record KerasScaling(KerasPlace Place)
{
    private const double LeastDeviation = 1e-7; // keras.backend.epsilon()

    /// <summary>What a file holds of it.</summary>
    public virtual IReadOnlyList<KerasVariable> Variables => [];

    /// <summary>Factor and summand of a channel.</summary>
    /// <param name="variables">The values of <see cref="Variables"/>: all channels', or one for all.</param>
    /// <param name="channel">From 0 on.</param>
    public abstract (double Factor, double Summand) At(IReadOnlyList<float[]> variables, int channel);

    /// <summary>Reads such a layer; null if it is another.</summary>
    /// <exception cref="AlexNetException">It does not scale channel by channel.</exception>
    public static KerasScaling? Read(KerasLayerConfig config, int channels)
    {
        KerasScaling? scaling = config.ClassName switch
        {
            "Rescaling" => new Rescaling(
                config.Place, Numbers(config, "scale", channels) ?? [1], Numbers(config, "offset", channels) ?? [0]),
            "Normalization" => Normalize(config, channels),
            _ => null,
        };
        if (scaling is not null)
            config.RequireNothingElse();
        return scaling;
    }

    // y = (x - mean) / max(sqrt(variance), 1e-7), or the other way round
    // (keras/src/layers/preprocessing/normalization.py).
    private static KerasScaling Normalize(KerasLayerConfig config, int channels)
    {
        var axes = config.Axes() ?? [-1];
        if (axes is not ([] or [-1] or [3]))
            throw config.Refused("has a mean for other axes than the channels");
        var isInverse = config.Boolean("invert", false);
        return (Numbers(config, "mean", channels), Numbers(config, "variance", channels)) switch
        {
            ({ } mean, { } variance) => new Normalization(config.Place, mean, variance, isInverse),
            (null, null) => new Adapted(config.Place, axes.Count == 0 ? [] : [channels], isInverse),
            _ => throw config.Refused("has only one of mean and variance"),
        };
    }

    private static double[]? Numbers(KerasLayerConfig config, string key, int channels) =>
        config.Numbers(key) is not { } numbers ? null
        : numbers.Length == 1 || numbers.Length == channels ? numbers
        : throw config.Refused($"has {numbers.Length} numbers of {key}; the picture has {channels} channels");

    private static double Of(IReadOnlyList<double> numbers, int channel) => numbers[numbers.Count == 1 ? 0 : channel];

    private static (double Factor, double Summand) Normalized(double mean, double variance, bool isInverse)
    {
        var deviation = Math.Max(Math.Sqrt(variance), LeastDeviation);
        return isInverse ? (deviation, mean) : (1 / deviation, -mean / deviation);
    }

    private sealed record Rescaling(KerasPlace Place, double[] Scale, double[] Offset) : KerasScaling(Place)
    {
        public override (double Factor, double Summand) At(IReadOnlyList<float[]> variables, int channel) =>
            (Of(Scale, channel), Of(Offset, channel));
    }

    private sealed record Normalization(KerasPlace Place, double[] Mean, double[] Variance, bool IsInverse)
        : KerasScaling(Place)
    {
        public override (double Factor, double Summand) At(IReadOnlyList<float[]> variables, int channel) =>
            Normalized(Of(Mean, channel), Of(Variance, channel), IsInverse);
    }

    // Mean and variance were measured by adapt(), and lie in the file as weights do.
    private sealed record Adapted(KerasPlace Place, int[] Dimensions, bool IsInverse) : KerasScaling(Place)
    {
        public override IReadOnlyList<KerasVariable> Variables =>
            [Variable("mean", 0), Variable("variance", 1)];

        public override (double Factor, double Summand) At(IReadOnlyList<float[]> variables, int channel)
        {
            var index = variables[0].Length == 1 ? 0 : channel;
            return Normalized(variables[0][index], variables[1][index], IsInverse);
        }

        private KerasVariable Variable(string name, int index) =>
            new(Place, name, index, Dimensions, KerasLayout.Vector(Dimensions is [var length] ? length : 1));
    }
}
