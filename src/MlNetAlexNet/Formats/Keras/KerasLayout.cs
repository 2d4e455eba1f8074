namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// The order of values in Keras' kernels and in ours (<see cref="Layers.WeightSet"/>). Keras keeps a convolution's
/// kernel as height x width x channels x filters, where the groups follow each other along the filters as in ours, and a
/// dense kernel as inputs x units; it flattens a picture pixel by pixel, we channel by channel.
/// </summary>
internal static class KerasLayout
{
    private const int Tile = 16;

    /// <summary>height x width x channels x filters to filters x channels x height x width.</summary>
    public static float[] ConvolutionFromKeras(float[] kernel, int height, int width, int channels, int filters) =>
        ReverseAxes(kernel, height * width, channels, filters);

    /// <summary>filters x channels x height x width to height x width x channels x filters.</summary>
    public static float[] ConvolutionToKeras(float[] kernel, int height, int width, int channels, int filters) =>
        ReverseAxes(kernel, filters, channels, height * width);

    /// <summary>inputs x units to units x inputs.</summary>
    /// <param name="kernel">Its inputs are in Keras' order: pixel, then channel.</param>
    /// <param name="pixels">Height x width of the picture that was flattened before it; 1 if none was.</param>
    /// <param name="channels">Channels of that picture; all the inputs if none was flattened.</param>
    /// <param name="units">Outputs.</param>
    /// <returns>Its inputs are in our order: channel, then pixel.</returns>
    public static float[] DenseFromKeras(float[] kernel, int pixels, int channels, int units) =>
        ReverseAxes(kernel, pixels, channels, units);

    /// <summary>units x inputs to inputs x units, the opposite of <see cref="DenseFromKeras"/>.</summary>
    public static float[] DenseToKeras(float[] kernel, int pixels, int channels, int units) =>
        ReverseAxes(kernel, units, channels, pixels);

    // first x second x third to third x second x first, in tiles that stay in the processor's cache. A dense layer over
    // a flattened picture is a convolution whose window is the whole picture, so this is all there is.
    private static float[] ReverseAxes(float[] source, int first, int second, int third)
    {
        var target = new float[source.Length];
        for (var i0 = 0; i0 < first; i0 += Tile)
        {
            for (var j0 = 0; j0 < second; j0 += Tile)
            {
                for (var k0 = 0; k0 < third; k0 += Tile)
                    ReverseTile(i0, j0, k0);
            }
        }

        return target;

        void ReverseTile(int i0, int j0, int k0)
        {
            var (iEnd, jEnd, kEnd) =
                (Math.Min(i0 + Tile, first), Math.Min(j0 + Tile, second), Math.Min(k0 + Tile, third));
            for (var i = i0; i < iEnd; i++)
            {
                for (var j = j0; j < jEnd; j++)
                {
                    for (var k = k0; k < kEnd; k++)
                        target[(k * second + j) * first + i] = source[(i * second + j) * third + k];
                }
            }
        }
    }
}
