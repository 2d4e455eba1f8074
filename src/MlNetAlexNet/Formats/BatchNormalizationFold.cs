using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats;

/// <summary>
/// Batch normalization with fixed statistics, gamma (x - mean) / sqrt(variance + epsilon) + beta (Ioffe and Szegedy
/// 2015, algorithm 2), worked into the layer before it. That is exact where the layer has no activation of its own.
/// </summary>
internal static class BatchNormalizationFold
{
    /// <summary>Kernel and bias that give what the layer and its normalization give together.</summary>
    /// <param name="kernel">Of a convolution or a dense layer: output channels first.</param>
    /// <param name="bias">Null for a layer without one.</param>
    /// <param name="gamma">A factor for each output channel; null for 1 (Keras' <c>scale=False</c>).</param>
    /// <param name="beta">A summand for each output channel; null for 0 (Keras' <c>center=False</c>).</param>
    /// <param name="mean">The moving mean of each output channel.</param>
    /// <param name="variance">The moving variance of each output channel.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <exception cref="AlexNetException">A vector does not have a value for each output channel.</exception>
    public static (Weight Kernel, Weight Bias) Fold(
        Weight kernel,
        Weight? bias,
        IReadOnlyList<float>? gamma,
        IReadOnlyList<float>? beta,
        IReadOnlyList<float> mean,
        IReadOnlyList<float> variance,
        double epsilon)
    {
        var channels = kernel.Dimensions[0];
        RequireOneEach(channels, bias?.Values, "bias");
        RequireOneEach(channels, gamma, nameof(gamma));
        RequireOneEach(channels, beta, nameof(beta));
        RequireOneEach(channels, mean, nameof(mean));
        RequireOneEach(channels, variance, nameof(variance));

        var values = new float[kernel.Values.Length];
        var sums = new float[channels];
        var perChannel = kernel.Values.Length / channels;
        for (var c = 0; c < channels; c++)
        {
            var factor = (gamma?[c] ?? 1) / Math.Sqrt(variance[c] + epsilon);
            sums[c] = (float)(((double)(bias?.Values[c] ?? 0) - mean[c]) * factor + (beta?[c] ?? 0));
            for (var i = c * perChannel; i < (c + 1) * perChannel; i++)
                values[i] = (float)(kernel.Values[i] * factor);
        }

        return (kernel with { Values = values }, new Weight([channels], sums));
    }

    private static void RequireOneEach(int channels, IReadOnlyList<float>? values, string name)
    {
        if (values is not null && values.Count != channels)
        {
            throw new AlexNetException(
                $"The batch normalization's {name} has {values.Count} values; the layer before it has {channels} outputs.");
        }
    }
}
