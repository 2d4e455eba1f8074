using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// Mean and deviation of each colour over the training pictures: what <see cref="ImagePreprocessing"/> subtracts and
/// divides by. They come from sums of whole numbers, which do not depend on the order in which threads add.
/// </summary>
internal static class PixelStatistics
{
    /// <param name="used">At least one picture.</param>
    /// <param name="crop">Side of the crop that the preprocessing takes out of a picture, in pixels.</param>
    /// <param name="cancel">Ends the counting.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public static ImagePreprocessing Measure(PixelRows used, int crop, CancellationToken cancel)
    {
        var pixels = used.Set.Pictures;
        var (sums, squares) = (new long[3], new long[3]);
        using var buffers = new ThreadLocal<byte[]>(() => new byte[pixels.PictureBytes]);
        Parallel.ForEach(used.Rows, new ParallelOptions { CancellationToken = cancel }, index =>
        {
            var picture = buffers.Value!;
            pixels.Read(index, picture);
            for (var colour = 0; colour < 3; colour++)
            {
                var (sum, square) = Sums(picture, colour);
                Interlocked.Add(ref sums[colour], sum);
                Interlocked.Add(ref squares[colour], square);
            }
        });

        var count = (double)used.Rows.Count * pixels.PictureBytes / 3;
        var mean = sums.Select(sum => sum / count).ToArray();
        var deviation = squares.Select((square, c) => Math.Sqrt(Math.Max(0, square / count - mean[c] * mean[c])));
        return new ImagePreprocessing(
            crop,
            [.. mean.Select(value => (float)value)],
            [.. deviation.Select(value => (float)Math.Max(value, 1))]) // one flat colour must not divide by 0
        {
            ImageSize = pixels.ImageSize,
        };
    }

    private static (long Sum, long Square) Sums(byte[] picture, int colour)
    {
        var (sum, square) = (0L, 0L);
        for (var i = colour; i < picture.Length; i += 3)
        {
            int value = picture[i];
            sum += value;
            square += value * value;
        }

        return (sum, square);
    }
}
