using System.Buffers;
using System.Runtime.CompilerServices;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Scoring;

/// <summary>
/// Scores any number of pictures in the order given, in bounded memory. Every core takes one batch at a time through
/// decoding and network; the batches are the same in every run, and so are the results.
/// </summary>
/// <param name="sessions">The network.</param>
/// <param name="form">The squares it takes.</param>
/// <param name="maximumPixels">As <see cref="PixelLimit"/>.</param>
internal sealed class PictureBatches(ScoringSessions sessions, PictureForm form, long maximumPixels)
{
    /// <summary>
    /// Pictures, or views of them, that go through the network together; more are no faster (tests/Benchmarks,
    /// <c>batches</c>).
    /// </summary>
    public const int Size = 32;

    /// <summary>A batch that holds so many bytes of pictures in memory takes no more of them.</summary>
    public const int MostHeldBytes = 16 << 20;

    // Two batches a core: the next one is ready when a core is done, however the results are taken.
    private static readonly int Ahead = 2 * Environment.ProcessorCount;

    /// <summary>Scores them.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="count">
    /// How many they are, where that is known: each core then takes as many batches as the others, of as many pictures. Default
    /// null: it is not known.
    /// </param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async IAsyncEnumerable<ImageOutcome> ScoreAsync(
        IAsyncEnumerable<BatchPicture> pictures, int? count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var inFlight = new Queue<Task<ImageOutcome[]>>();
        try
        {
            await foreach (var batch in BeginAsync(ChunkAsync(pictures, ChooseSize(count), ending.Token), inFlight, ending.Token).ConfigureAwait(false))
            {
                foreach (var outcome in batch)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return outcome;
                }
            }
        }
        finally
        {
            // Whoever gives up leaves no work behind, nor faults that nobody has seen: a batch ends at its next picture.
            await ending.CancelAsync().ConfigureAwait(false);
            Task all = Task.WhenAll(inFlight);
            await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The batches in order, each given out while those after it are under way; one is in flight until the next is asked for.
    private async IAsyncEnumerable<ImageOutcome[]> BeginAsync(
        IAsyncEnumerable<List<BatchPicture>> batches,
        Queue<Task<ImageOutcome[]>> inFlight,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in batches.ConfigureAwait(false))
        {
            inFlight.Enqueue(Task.Run(() => ScoreBatch(batch, cancellationToken), cancellationToken));
            if (inFlight.Count >= Ahead)
            {
                yield return await inFlight.Peek().WaitAsync(cancellationToken).ConfigureAwait(false);
                await inFlight.Dequeue().ConfigureAwait(false);
            }
        }

        while (inFlight.TryPeek(out var batch))
        {
            yield return await batch.WaitAsync(cancellationToken).ConfigureAwait(false);
            await inFlight.Dequeue().ConfigureAwait(false);
        }
    }

    // Pictures of a batch: the most, or so many that the cores are done at the same time.
    private int ChooseSize(int? count)
    {
        var most = Math.Max(1, Size / sessions.Alone.Views.Count());
        if (count is not > 0)
            return most;

        var batchesACore = DivideUp(count.Value, most * sessions.AtOnce);
        return DivideUp(count.Value, batchesACore * sessions.AtOnce);

        static int DivideUp(int number, int by) => (number + by - 1) / by;
    }

    private static async IAsyncEnumerable<List<BatchPicture>> ChunkAsync(
        IAsyncEnumerable<BatchPicture> pictures, int size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (batch, held) = (new List<BatchPicture>(size), 0L);
        await foreach (var picture in pictures.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            batch.Add(picture);
            held += picture.HeldBytes;
            if (batch.Count < size && held < MostHeldBytes)
                continue;

            yield return batch;
            (batch, held) = (new List<BatchPicture>(size), 0);
        }

        if (batch.Count > 0)
            yield return batch;
    }

    private ImageOutcome[] ScoreBatch(List<BatchPicture> pictures, CancellationToken cancellationToken)
    {
        var session = sessions.Many;
        var pixels = ArrayPool<byte>.Shared.Rent(pictures.Count * form.Bytes);
        try
        {
            return ScoreBatch(session, pictures, pixels, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    private ImageOutcome[] ScoreBatch(
        ScoringSession session, List<BatchPicture> pictures, byte[] pixels, CancellationToken cancellationToken)
    {
        var bounds = new DecodeBounds(maximumPixels, cancellationToken);
        var faults = new AlexNetException?[pictures.Count];
        var transparent = new bool[pictures.Count];
        var decoded = 0;
        for (var i = 0; i < pictures.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                transparent[i] = pictures[i].Decode(form, pixels.AsSpan(decoded * form.Bytes, form.Bytes), bounds);
                decoded++;
            }
            catch (AlexNetException fault)
            {
                faults[i] = fault;
            }
        }

        var predictions = new Queue<ImagePrediction>(decoded == 0 ? [] : session.Score(pixels, decoded));
        return [.. pictures.Select((picture, i) => faults[i] is { } fault
            ? new ImageOutcome(picture.Path, null, fault)
            : new ImageOutcome(picture.Path, predictions.Dequeue(), null) { IsTransparent = transparent[i] })];
    }
}
