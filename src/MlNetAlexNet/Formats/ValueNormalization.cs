namespace MlNetAlexNet.Formats;

/// <summary>Each channel becomes (value - mean) / deviation.</summary>
/// <param name="Mean">For each channel, red first, of values from 0 to 255.</param>
/// <param name="StandardDeviation">Likewise, above 0.</param>
/// <param name="Source">What says so, in words, such as <c>the layer 'rescaling'</c>.</param>
public sealed record ValueNormalization(
    IReadOnlyList<float> Mean, IReadOnlyList<float> StandardDeviation, string Source);
