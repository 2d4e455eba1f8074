using System.Collections.Concurrent;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// Cuts pictures into batches on a background thread, a few batches ahead of their use, in a fixed number of buffers.
/// One pass at a time: the next one reuses them.
/// </summary>
/// <param name="pixels">The pictures.</param>
/// <param name="batchSize">Pictures a batch; the last one of a pass may be smaller.</param>
/// <param name="crop">Side cut out of each picture, in pixels.</param>
internal sealed class BatchSource(PixelRows pixels, int batchSize, int crop)
{
    private const int BatchesAhead = 2;

    private readonly Lazy<Batch[]> _buffers = new(() =>
    [
        .. Enumerable.Range(0, BatchesAhead + 1).Select(_ => new Batch(Math.Min(batchSize, pixels.Rows.Count), crop)),
    ]);

    private readonly byte[] _picture = new byte[pixels.Set.Pictures.PictureBytes];

    public int Count => pixels.Rows.Count;

    public int Steps => (pixels.Rows.Count + batchSize - 1) / batchSize;

    /// <summary>Every picture once, its middle, in the given order.</summary>
    public IEnumerable<Batch> Middles() => Ahead([.. pixels.Rows], picture: null);

    /// <summary>
    /// Every picture once in an order drawn from <paramref name="random"/>; where <paramref name="augment"/> is set, a
    /// crop at a random place, mirrored half of the time (Krizhevsky 2012, section 4.1).
    /// </summary>
    public IEnumerable<Batch> Shuffled(Random random, bool augment)
    {
        var order = pixels.Rows.ToArray();
        random.Shuffle(order);
        return Ahead(order, augment ? random : null);
    }

    private IEnumerable<Batch> Ahead(int[] order, Random? picture)
    {
        using var free = new BlockingCollection<Batch>();
        using var full = new BlockingCollection<Batch>();
        using var stop = new CancellationTokenSource();
        foreach (var batch in _buffers.Value)
        {
            free.Add(batch);
        }

        var filling = Task.Run(() => Fill(order, picture, free, full, stop.Token));
        try
        {
            foreach (var batch in full.GetConsumingEnumerable())
            {
                yield return batch;
                free.Add(batch);
            }

            filling.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            ((IAsyncResult)filling).AsyncWaitHandle.WaitOne();
        }
    }

    private void Fill(
        int[] order, Random? random, BlockingCollection<Batch> free, BlockingCollection<Batch> full, CancellationToken stop)
    {
        try
        {
            foreach (var part in order.Chunk(batchSize))
            {
                var batch = free.Take(stop);
                batch.Count = part.Length;
                for (var i = 0; i < part.Length; i++)
                {
                    pixels.Set.Pictures.Read(part[i], _picture);
                    Crop.Cut(_picture, pixels.Set.Pictures.ImageSize, batch.Picture(i), crop, random);
                    batch.SetLabel(i, pixels.Set.Labels[part[i]]);
                }

                full.Add(batch, CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The consumer left early and wants no more batches.
        }
        finally
        {
            full.CompleteAdding();
        }
    }
}
