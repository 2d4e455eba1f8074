using System.Numerics.Tensors;

namespace MlNetAlexNet.Quantization;

/// <summary>
/// A kernel in signed 8-bit codes, symmetric, with a scale for each output channel: value = scale x code.
/// </summary>
/// <param name="Dimensions">As those of the float kernel; the first is the output channel.</param>
/// <param name="Codes">In the order of the float kernel.</param>
/// <param name="Scales">One for each output channel.</param>
internal sealed record Int8Weight(IReadOnlyList<int> Dimensions, sbyte[] Codes, float[] Scales)
{
    /// <summary>
    /// The largest sum of two codes of one sign in an output channel. A processor without VNNI adds two products of an
    /// activation, up to 255, and a code in 16 signed bits (the instruction vpmaddubsw) and saturates: 255 x 128 = 32,640
    /// just fits in 32,767. Which two products meet depends on how the kernel is packed, so it holds for any two.
    /// </summary>
    public const int LargestPair = 128;

    /// <summary>
    /// Quantizes a kernel so that it gives the same sums on every processor: each output channel has the finest scale
    /// at which its two largest codes of one sign stay within <see cref="LargestPair"/>. Where all weights are alike
    /// that is 7 bits; a channel with one weight that stands out keeps almost 8.
    /// </summary>
    /// <param name="dimensions">As those of the float kernel; the first is the output channel.</param>
    /// <param name="values">The float kernel.</param>
    /// <param name="leastScales">No channel gets a finer scale than this. Default: none is too fine.</param>
    /// <param name="patches">
    /// What the kernel is multiplied with: weights are then rounded so that their errors cancel. Default null: each to the
    /// nearest code.
    /// </param>
    public static Int8Weight Quantize(
        IReadOnlyList<int> dimensions,
        ReadOnlySpan<float> values,
        ReadOnlySpan<float> leastScales = default,
        PatchCovariance? patches = null)
    {
        var channels = dimensions[0];
        var size = values.Length / channels;
        var codes = new sbyte[values.Length];
        var scales = new float[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var kernel = values.Slice(channel * size, size);
            var scale = LargestSum(kernel) / (LargestPair - 1); // rounding can add a half to each code
            scale = Math.Max(scale, leastScales.IsEmpty ? 0 : leastScales[channel]);
            scale = Math.Max(scale, 1e-12f); // all weights may be 0
            scales[channel] = scale;
            var own = codes.AsSpan(channel * size, size);
            for (var i = 0; i < size; i++)
                own[i] = (sbyte)Math.Clamp(MathF.Round(kernel[i] / scale), -127, 127);
            if (patches is not null)
                RoundTogether(kernel, scale, patches, own);
        }

        return new Int8Weight(dimensions, codes, scales);
    }

    /// <summary>
    /// Rounds the weights from the last to the first, each after it has made up for the errors of those before, as far as
    /// the values under them vary together: the least squares of what is left, one weight at a time (Babai's nearest plane,
    /// which is GPTQ's order of work: Frantar et al. 2023, "GPTQ: Accurate Post-Training Quantization", section 3).
    /// </summary>
    /// <param name="kernel">Of one channel.</param>
    /// <param name="scale">Of a code.</param>
    /// <param name="patches">What it is multiplied with.</param>
    /// <param name="codes">The nearest codes; in the end the better ones.</param>
    private static void RoundTogether(ReadOnlySpan<float> kernel, float scale, PatchCovariance patches, Span<sbyte> codes)
    {
        var (lowest, highest) = ((int)TensorPrimitives.Min<sbyte>(codes), (int)TensorPrimitives.Max<sbyte>(codes));
        var errors = new float[kernel.Length];
        for (var i = kernel.Length - 1; i >= 0; i--)
        {
            var nearest = codes[i];
            var value = kernel[i] + TensorPrimitives.Dot(patches.FactorsAfter(i), errors.AsSpan(i + 1));
            codes[i] = (sbyte)Math.Clamp(MathF.Round(value / scale), -Limit(-nearest, -lowest), Limit(nearest, highest));
            errors[i] = kernel[i] - codes[i] * scale;
        }

        // Half a pair for each; where one code stands out, it and what it leaves to the others.
        static int Limit(int code, int largest) =>
            largest <= LargestPair / 2 ? LargestPair / 2 : code == largest ? largest : LargestPair - largest;
    }

    /// <summary>The values of the codes.</summary>
    public float[] ToFloats()
    {
        var size = Codes.Length / Scales.Length;
        return [.. Codes.Select((code, i) => code * Scales[i / size])];
    }

    // Of the two largest magnitudes of one sign.
    private static float LargestSum(ReadOnlySpan<float> kernel)
    {
        Span<float> first = [0, 0], second = [0, 0];
        foreach (var value in kernel)
        {
            var sign = value < 0 ? 0 : 1;
            var size = Math.Abs(value);
            if (size > first[sign])
                (first[sign], second[sign]) = (size, first[sign]);
            else if (size > second[sign])
                second[sign] = size;
        }

        return Math.Max(first[0] + second[0], first[1] + second[1]);
    }
}
