using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// Mean and deviation of each colour, or of the grey values, over the training pictures, their mean image and principal
/// components. They come from sums of whole numbers, which do not depend on the order in which threads add.
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
        var (mean, covariance) = MeasureColors(used, preprocessing.Mean.Count, cancel);
        var deviation = mean.Select((_, c) => Math.Sqrt(Math.Max(0, covariance[c, c])));
        return preprocessing with
        {
            Mean = [.. mean.Select(value => (float)value)],
            StandardDeviation = [.. deviation.Select(value => (float)Math.Max(value, 1))], // a flat one must not divide by 0
        };
    }

    /// <summary>The principal components of the pictures' colours, or of their grey values.</summary>
    /// <inheritdoc cref="Measure"/>
    /// <param name="used">At least one picture.</param>
    /// <param name="channels">Three, or one.</param>
    /// <param name="cancel">Ends the counting.</param>
    public static ColorComponents MeasureComponents(PixelRows used, int channels, CancellationToken cancel) =>
        ColorComponents.Create(MeasureColors(used, channels, cancel).Covariance);

    /// <summary>The mean of the pictures at every pixel.</summary>
    /// <inheritdoc cref="Measure"/>
    public static ImagePreprocessing MeasureImage(PixelRows used, ImagePreprocessing preprocessing, CancellationToken cancel)
    {
        var channels = preprocessing.Mean.Count;
        var sums = new long[channels * used.Set.Pictures.PictureBytes / 3];
        ForEach(used, channels, () => new long[sums.Length], Add, Merge, cancel);

        var plane = sums.Length / channels;
        return preprocessing.WithMeanImage(
            [.. Enumerable.Range(0, sums.Length).Select(i => (float)((double)sums[i % plane * channels + i / plane] / used.Rows.Count))]);

        static void Add(long[] part, ReadOnlySpan<byte> values)
        {
            for (var i = 0; i < values.Length; i++)
                part[i] += values[i];
        }

        void Merge(long[] part)
        {
            for (var i = 0; i < sums.Length; i++)
                sums[i] += part[i];
        }
    }

    private static (double[] Mean, double[,] Covariance) MeasureColors(PixelRows used, int channels, CancellationToken cancel)
    {
        var (sums, products) = (new long[channels], new long[channels, channels]);
        ForEach(used, channels, () => (new long[channels], new long[channels, channels]), Add, Merge, cancel);

        var count = (double)used.Rows.Count * used.Set.Pictures.PictureBytes / 3;
        var mean = sums.Select(sum => sum / count).ToArray();
        var covariance = new double[channels, channels];
        for (var c = 0; c < channels; c++)
        {
            for (var other = c; other < channels; other++)
                covariance[c, other] = covariance[other, c] = products[c, other] / count - mean[c] * mean[other];
        }

        return (mean, covariance);

        void Add((long[] Sums, long[,] Products) part, ReadOnlySpan<byte> values)
        {
            for (var c = 0; c < channels; c++)
            {
                for (var other = c; other < channels; other++)
                    part.Products[c, other] += SumProducts(values, c, other, channels);
                part.Sums[c] += SumValues(values, c, channels);
            }
        }

        void Merge((long[] Sums, long[,] Products) part)
        {
            for (var c = 0; c < channels; c++)
            {
                for (var other = c; other < channels; other++)
                    products[c, other] += part.Products[c, other];
                sums[c] += part.Sums[c];
            }
        }
    }

    private static long SumValues(ReadOnlySpan<byte> values, int channel, int channels)
    {
        var sum = 0L;
        for (var i = channel; i < values.Length; i += channels)
            sum += values[i];
        return sum;
    }

    private static long SumProducts(ReadOnlySpan<byte> values, int channel, int other, int channels)
    {
        var sum = 0L;
        for (int i = channel, j = other; j < values.Length; i += channels, j += channels)
            sum += values[i] * values[j];
        return sum;
    }

    private delegate void Add<TPart>(TPart part, ReadOnlySpan<byte> values);

    // Each thread adds up its own part. A picture that cannot be read any more is one fault, however many threads meet it.
    private static void ForEach<TPart>(
        PixelRows used, int channels, Func<TPart> begin, Add<TPart> add, Action<TPart> end, CancellationToken cancel)
    {
        var (pixels, merging) = (used.Set.Pictures, new Lock());
        ParallelFaults.Unwrap(() => Parallel.ForEach(
            used.Rows,
            new ParallelOptions { CancellationToken = cancel },
            () => (Part: begin(), Buffer: new byte[pixels.PictureBytes]),
            (row, _, own) =>
            {
                pixels.Read(row, own.Buffer);
                add(own.Part, channels == 1 ? own.Buffer.AsSpan(0, GreyValue.Convert(own.Buffer)) : own.Buffer);
                return own;
            },
            own =>
            {
                lock (merging)
                    end(own.Part);
            }));
    }
}
