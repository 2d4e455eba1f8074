namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// The order of a weight's values in Keras and in ours (<see cref="Layers.WeightSet"/>): three axes that are in the
/// opposite order there. A dense layer over a flattened picture is a convolution whose window is the whole picture, so
/// this is all there is. Keras' side is handled in blocks of rows, each with all values of the last axis, so that a
/// large kernel is in memory once.
/// </summary>
/// <param name="First">Keras' first axis, our last.</param>
/// <param name="Second">The middle one in both.</param>
/// <param name="Third">Keras' last axis, our first.</param>
internal readonly record struct KerasLayout(int First, int Second, int Third)
{
    private const int Tile = 16; // 16 x 16 values, read along one axis and written along another, stay in the cache

    /// <summary>
    /// height x width x channels x filters in Keras; here filters x channels x height x width. Groups follow each other
    /// along the filters in both, and the channels are those of one group.
    /// </summary>
    public static KerasLayout Convolution(int height, int width, int channels, int filters) =>
        new(height * width, channels, filters);

    /// <summary>inputs x units in Keras; here units x inputs.</summary>
    public static KerasLayout Dense(int inputs, int units) => new(1, inputs, units);

    /// <summary>
    /// As <see cref="Dense"/>, after a picture that Keras flattens pixel by pixel, while here it is channel by channel.
    /// </summary>
    public static KerasLayout DenseOverPicture(int pixels, int channels, int units) => new(pixels, channels, units);

    /// <summary>The same in both.</summary>
    public static KerasLayout Vector(int length) => new(1, 1, length);

    /// <summary>Rows of <see cref="Third"/> values in Keras.</summary>
    public int Rows => First * Second;

    /// <summary>Puts whole rows of Keras', from <paramref name="firstRow"/> on, into their places in ours.</summary>
    public void FromKeras(ReadOnlySpan<float> rows, int firstRow, Span<float> ours)
    {
        foreach (var (i, j, k) in Tiles(firstRow, rows.Length / Third))
        {
            for (var row = j.Start; row < j.End; row++)
            {
                for (var column = k.Start; column < k.End; column++)
                {
                    ours[(column * Second + row) * First + i] =
                        rows[(i * Second + row - firstRow) * Third + column];
                }
            }
        }
    }

    /// <summary>Fills whole rows of Keras', from <paramref name="firstRow"/> on, with values of ours.</summary>
    public void ToKeras(ReadOnlySpan<float> ours, int firstRow, Span<float> rows)
    {
        foreach (var (i, j, k) in Tiles(firstRow, rows.Length / Third))
        {
            for (var row = j.Start; row < j.End; row++)
            {
                for (var column = k.Start; column < k.End; column++)
                {
                    rows[(i * Second + row - firstRow) * Third + column] =
                        ours[(column * Second + row) * First + i];
                }
            }
        }
    }

    private IEnumerable<(int First, (int Start, int End) Second, (int Start, int End) Third)> Tiles(
        int firstRow, int rows)
    {
        for (var k = 0; k < Third; k += Tile)
        {
            for (var j = 0; j < Second; j += Tile)
            {
                for (var i = firstRow / Second; i * Second < firstRow + rows; i++)
                {
                    var start = Math.Max(j, firstRow - i * Second);
                    var end = Math.Min(Math.Min(j + Tile, Second), firstRow + rows - i * Second);
                    if (start < end)
                        yield return (i, (start, end), (k, Math.Min(k + Tile, Third)));
                }
            }
        }
    }
}
