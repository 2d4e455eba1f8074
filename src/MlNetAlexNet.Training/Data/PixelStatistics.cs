using System.Runtime.ExceptionServices;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// Mean and deviation of each colour, or of the grey values, over the training pictures: what
/// <see cref="ImagePreprocessing"/> subtracts and divides by. They come from sums of whole numbers, which do not depend on the order in which threads add.
/// </summary>
internal static class PixelStatistics
{
    /// <param name="used">At least one picture.</param>
    /// <param name="preprocessing">Whose mean and deviation are measured: as many numbers as it has.</param>
    /// <param name="cancel">Ends the counting.</param>
    /// <returns>The preprocessing with the numbers measured.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public static ImagePreprocessing Measure(PixelRows used, ImagePreprocessing preprocessing, CancellationToken cancel)
    {
        var pixels = used.Set.Pictures;
        var channels = preprocessing.Mean.Count;
        var (sums, squares) = (new long[channels], new long[channels]);
        using var buffers = new ThreadLocal<byte[]>(() => new byte[pixels.PictureBytes]);
        ForEach(used.Rows, index =>
        {
            var picture = buffers.Value!;
            pixels.Read(index, picture);
            var values = channels == 1 ? picture.AsSpan(0, GreyValue.Convert(picture)) : picture;
            for (var channel = 0; channel < channels; channel++)
            {
                var (sum, square) = Sums(values, channel, channels);
                Interlocked.Add(ref sums[channel], sum);
                Interlocked.Add(ref squares[channel], square);
            }
        }, cancel);

        var count = (double)used.Rows.Count * pixels.PictureBytes / 3;
        var mean = sums.Select(sum => sum / count).ToArray();
        var deviation = squares.Select((square, c) => Math.Sqrt(Math.Max(0, square / count - mean[c] * mean[c])));
        return preprocessing with
        {
            Mean = [.. mean.Select(value => (float)value)],
            StandardDeviation = [.. deviation.Select(value => (float)Math.Max(value, 1))], // a flat one must not divide by 0
        };
    }

    // A picture that cannot be read any more is one fault, however many threads meet it.
    private static void ForEach(IReadOnlyList<int> rows, Action<int> add, CancellationToken cancel)
    {
        try
        {
            Parallel.ForEach(rows, new ParallelOptions { CancellationToken = cancel }, add);
        }
        catch (AggregateException faults) when (faults.InnerExceptions.OfType<AlexNetException>().FirstOrDefault() is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private static (long Sum, long Square) Sums(ReadOnlySpan<byte> values, int channel, int channels)
    {
        var (sum, square) = (0L, 0L);
        for (var i = channel; i < values.Length; i += channels)
        {
            int value = values[i];
            sum += value;
            square += value * value;
        }

        return (sum, square);
    }
}
