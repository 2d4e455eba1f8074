using System.Buffers;
using System.Runtime.CompilerServices;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Scoring;

/// <summary>
/// Scores any number of files in the order given, in bounded memory. Every core takes one batch at a time through
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

    // Two batches a core: the next one is ready when a core is done, however the results are taken.
    private static readonly int Ahead = 2 * Environment.ProcessorCount;

    public async IAsyncEnumerable<ImageOutcome> ScoreAsync(
        IEnumerable<string> paths, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var inFlight = new Queue<Task<ImageOutcome[]>>();
        try
        {
            foreach (var batch in Begin(paths, inFlight, ending.Token))
            {
                foreach (var outcome in await batch.WaitAsync(cancellationToken).ConfigureAwait(false))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return outcome;
                }
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false); // batches that the caller no longer wants
            await EndAll(inFlight).ConfigureAwait(false);
        }
    }

    public IEnumerable<ImageOutcome> Score(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var inFlight = new Queue<Task<ImageOutcome[]>>();
        try
        {
            foreach (var batch in Begin(paths, inFlight, ending.Token))
            {
                foreach (var outcome in batch.WaitAsync(cancellationToken).GetAwaiter().GetResult())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return outcome;
                }
            }
        }
        finally
        {
            ending.Cancel();
            EndAll(inFlight).GetAwaiter().GetResult();
        }
    }

    // Whoever gives up leaves no work behind, nor faults that nobody has seen: a batch ends at its next picture.
    private static async Task EndAll(IEnumerable<Task> inFlight) =>
        await Task.WhenAll(inFlight).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    // The batches in order, each given out while those after it are under way; one is in flight until the next is asked for.
    private IEnumerable<Task<ImageOutcome[]>> Begin(
        IEnumerable<string> paths, Queue<Task<ImageOutcome[]>> inFlight, CancellationToken cancellationToken)
    {
        foreach (var chunk in paths.Chunk(Math.Max(1, Size / sessions.Alone.Views.Count())))
        {
            inFlight.Enqueue(Task.Run(() => ScoreBatch(chunk, cancellationToken), cancellationToken));
            if (inFlight.Count >= Ahead)
            {
                yield return inFlight.Peek();
                inFlight.Dequeue();
            }
        }

        while (inFlight.TryPeek(out var batch))
        {
            yield return batch;
            inFlight.Dequeue();
        }
    }

    private ImageOutcome[] ScoreBatch(string[] paths, CancellationToken cancellationToken)
    {
        var session = sessions.Many;
        var pixels = ArrayPool<byte>.Shared.Rent(paths.Length * form.Bytes);
        try
        {
            return ScoreBatch(session, paths, pixels, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    private ImageOutcome[] ScoreBatch(
        ScoringSession session, string[] paths, byte[] pixels, CancellationToken cancellationToken)
    {
        var bounds = new DecodeBounds(maximumPixels, cancellationToken);
        var faults = new AlexNetException?[paths.Length];
        var decoded = 0;
        for (var i = 0; i < paths.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                PixelDecoder.Decode(paths[i], form, pixels.AsSpan(decoded * form.Bytes, form.Bytes), bounds);
                decoded++;
            }
            catch (AlexNetException fault)
            {
                faults[i] = fault;
            }
        }

        var predictions = new Queue<ImagePrediction>(decoded == 0 ? [] : session.Score(pixels, decoded));
        return [.. paths.Select((path, i) => faults[i] is { } fault
            ? new ImageOutcome(path, null, fault)
            : new ImageOutcome(path, predictions.Dequeue(), null))];
    }
}
