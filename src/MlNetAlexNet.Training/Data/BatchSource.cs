using TorchSharp;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// Loads pictures into batches on background threads, a batch a thread ahead of their use, in a fixed number of
/// buffers. What a batch holds does not depend on the number of threads. A pass that ends, however it does, leaves no thread at
/// work. One pass at a time: the next one reuses the buffers.
/// </summary>
/// <param name="pixels">The pictures.</param>
/// <param name="batchSize">Pictures a batch; the last one of a pass may be smaller.</param>
/// <param name="side">Greatest side of the squares that are learnt, in pixels: that of the middles.</param>
/// <param name="threads">Batches loaded at the same time, each by one thread; at least 1.</param>
/// <param name="card">
/// The GPU that cuts them as well; null to do it here. It cuts squares of the pictures' own pixels alone.
/// </param>
/// <param name="held">
/// Batches in the consumer's hands, at least 1: when it asks for one it must be done with the one so many before that.
/// </param>
/// <param name="components">Those along which the colours of pictures move. Default null: they do not.</param>
internal sealed class BatchSource(
    PixelRows pixels, int batchSize, int side, int threads, torch.Device? card = null, int held = 1,
    ColorComponents? components = null) : IDisposable
{
    // The others are filled or being filled.
    private readonly Lazy<Batch[]> _buffers = new(() =>
    {
        var (capacity, size) = (Math.Min(batchSize, pixels.Rows.Count), pixels.Set.Pictures.ImageSize);
        var ahead = Math.Min(threads, TrainingOptions.CountSteps(pixels.Rows.Count, batchSize));
        return [.. Enumerable.Range(0, ahead + held).Select(_ =>
            card is null ? (Batch)new CutBatch(capacity, side) : new DeviceBatch(capacity, size, card))];
    });

    /// <summary>Batches in the consumer's hands.</summary>
    public int Held => held;

    public int Count => pixels.Rows.Count;

    /// <summary>The rows of the pictures in their set.</summary>
    public IReadOnlyList<int> Rows => pixels.Rows;

    public int Steps => TrainingOptions.CountSteps(pixels.Rows.Count, batchSize);

    /// <summary>Every picture once, its middle, in the given order.</summary>
    /// <param name="needsPixels">Of the rows of a batch, on any thread. Default: each does.</param>
    public IEnumerable<Batch> TakeMiddles(Predicate<int[]>? needsPixels = null) => Load(
        [.. pixels.Rows], side, _ => View.Take(Crop.TakeMiddle(pixels.Set.Pictures.ImageSize, side)), needsPixels);

    /// <summary>Every picture once in an order of this epoch, each as it is drawn for this epoch.</summary>
    /// <param name="seed">Of the training.</param>
    /// <param name="epoch">From 1.</param>
    /// <param name="augmentation">What is drawn.</param>
    /// <param name="squareSide">Side of the squares of this epoch, in pixels. Default: the greatest.</param>
    /// <param name="view">The epoch whose views are taken, from 1. Default: this one.</param>
    /// <param name="needsPixels">Of the rows of a batch, on any thread. Default: each does.</param>
    /// <param name="skipped">Batches, the first ones, that are left out. Default: none.</param>
    public IEnumerable<Batch> Shuffle(
        int seed, int epoch, Augmentation augmentation, int? squareSide = null, int? view = null,
        Predicate<int[]>? needsPixels = null, int skipped = 0)
    {
        var (size, taken) = (pixels.Set.Pictures.ImageSize, squareSide ?? side);
        return Load(
            [.. pixels.Rows.OrderBy(row => new PictureRandom(seed, epoch, row).NextBits())],
            taken,
            row => View.Draw(size, taken, augmentation, seed, view ?? epoch, row),
            needsPixels,
            skipped);
    }

    /// <summary>To be called when no pass is under way.</summary>
    public void Dispose()
    {
        foreach (var buffer in _buffers.IsValueCreated ? _buffers.Value : [])
        {
            buffer.Dispose();
        }
    }

    private IEnumerable<Batch> Load(
        int[] order, int squareSide, Func<int, View> viewOf, Predicate<int[]>? needsPixels, int skipped = 0)
    {
        using var stop = new CancellationTokenSource();
        var parts = order.Chunk(batchSize).Skip(skipped).ToArray();
        var underWay = new Queue<Task<Batch>>();
        var begun = 0;
        try
        {
            for (var thread = 0; thread < threads; thread++)
            {
                Begin();
            }

            while (underWay.TryDequeue(out var next))
            {
                var batch = next.GetAwaiter().GetResult();
                Begin(); // in a buffer that the consumer is done with
                yield return batch;
            }
        }
        finally
        {
            stop.Cancel();
            Task all = Task.WhenAll(underWay);
            all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        }

        void Begin()
        {
            if (begun < parts.Length)
            {
                var (part, buffer) = (parts[begun], _buffers.Value[begun % _buffers.Value.Length]);
                underWay.Enqueue(Task.Run(() => Fill(
                    buffer, part, squareSide, viewOf, needsPixels?.Invoke(part) ?? true, stop.Token)));
                begun++;
            }
        }
    }

    private Batch Fill(
        Batch batch, int[] rows, int squareSide, Func<int, View> viewOf, bool hasPixels, CancellationToken stop)
    {
        var (pictures, labels) = (pixels.Set.Pictures, pixels.Set.Labels);
        (batch.Rows, batch.Side, batch.HasPixels) = (rows, squareSide, hasPixels);
        var channels = components?.Channels ?? 0;
        batch.Shifts = new float[rows.Length * channels];
        for (var i = 0; i < rows.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            if (hasPixels)
            {
                var view = viewOf(rows[i]);
                batch.Load(i, pictures, rows[i], view);
                components?.Shift(view.Lighting, batch.Shifts.AsSpan(i * channels, channels));
            }

            batch.SetLabel(i, labels[rows[i]]);
        }

        return batch;
    }
}
