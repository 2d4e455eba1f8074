using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats;

/// <summary>
/// What batch normalization with fixed statistics does to each channel, gamma (x - mean) / sqrt(variance + epsilon) + beta
/// (Ioffe and Szegedy 2015, algorithm 2): factor x + summand. A layer's kernel and bias take it up on either side.
/// </summary>
internal sealed class ChannelMap
{
    private readonly double[] _factors;
    private readonly double[] _summands;

    private ChannelMap(double[] factors, double[] summands) => (_factors, _summands) = (factors, summands);

    /// <summary>The map of a layer of a network with those weights.</summary>
    public static ChannelMap Of(PlannedLayer layer, BatchNormalization norm, WeightSet weights)
    {
        var (mean, variance) = (Find("moving_mean")!, Find("moving_variance")!);
        var (gamma, beta) = (Find("gamma"), Find("beta"));
        var factors = variance.Select((value, c) => (gamma?[c] ?? 1) / Math.Sqrt(value + norm.Epsilon)).ToArray();
        var summands = mean.Select((value, c) => (beta?[c] ?? 0) - value * factors[c]).ToArray();
        return new ChannelMap(factors, summands);

        float[]? Find(string name) => weights.TryGetValue($"{layer.Name}/{name}", out var weight) ? weight.Values : null;
    }

    /// <summary>Kernel and bias that give mapped what the given ones give.</summary>
    /// <param name="kernel">Outputs x inputs, or x channels of a group x height x width.</param>
    /// <param name="bias">Outputs.</param>
    public (float[] Kernel, float[] Bias) After(float[] kernel, float[] bias)
    {
        var size = kernel.Length / bias.Length;
        return (
            [.. kernel.Select((value, i) => (float)(value * _factors[i / size]))],
            [.. bias.Select((value, i) => (float)(value * _factors[i] + _summands[i]))]);
    }

    /// <summary>Kernel and bias that take unmapped what the given ones take mapped.</summary>
    /// <param name="layer">Whose they are.</param>
    /// <param name="kernel">As in <see cref="After"/>.</param>
    /// <param name="bias">As in <see cref="After"/>.</param>
    public (float[] Kernel, float[] Bias) Before(PlannedLayer layer, float[] kernel, float[] bias)
    {
        var inputs = layer.Weights[0].Dimensions[1];
        var groups = layer.Layer is Conv2D conv ? conv.Groups : 1;
        var (size, outputs) = (kernel.Length / bias.Length, bias.Length / groups);
        var places = inputs * groups / _factors.Length; // of each channel of a flattened picture; else 1
        var sums = Array.ConvertAll(bias, value => (double)value);
        var scaled = new float[kernel.Length];
        for (var i = 0; i < kernel.Length; i++)
        {
            var (output, input) = (i / size, i % size / (size / inputs));
            var channel = (output / outputs * inputs + input) / places;
            scaled[i] = (float)(kernel[i] * _factors[channel]);
            sums[output] += kernel[i] * _summands[channel];
        }

        return (scaled, Array.ConvertAll(sums, value => (float)value));
    }
}
