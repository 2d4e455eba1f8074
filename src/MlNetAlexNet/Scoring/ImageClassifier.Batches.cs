using System.Runtime.ExceptionServices;

namespace MlNetAlexNet.Scoring;

/// <content>Many pictures: files, streams, bytes.</content>
public sealed partial class ImageClassifier
{
    /// <summary>
    /// Classifies many files over all processor cores, in batches, and gives the predictions in the order of the files
    /// as they are asked for. Memory does not grow with their number, nor does work begin for more than a few batches
    /// ahead. The same files give the same scores, which may differ from those of <see cref="Classify(string)"/> in
    /// the last digits.
    /// </summary>
    /// <param name="paths">The files; asked for on any thread, one after the other.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="AlexNetException">
    /// A file is missing or cannot be decoded; thrown in its turn, after the predictions before it.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IEnumerable<ImagePrediction> ClassifyMany(
        IEnumerable<string> paths, CancellationToken cancellationToken = default) =>
        TryClassifyMany(paths, cancellationToken).Select(PredictionOrFault);

    /// <summary>
    /// <see cref="ClassifyMany(IEnumerable{string}, CancellationToken)"/> of pictures in streams, which are read asynchronously.
    /// </summary>
    /// <param name="streams">As in <see cref="TryClassifyManyAsync(IEnumerable{Stream}, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="AlexNetException">A stream cannot be read or decoded; thrown in its turn, after the predictions before it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IEnumerable<ImagePrediction> ClassifyMany(
        IEnumerable<Stream> streams, CancellationToken cancellationToken = default) =>
        TryClassifyMany(streams, cancellationToken).Select(PredictionOrFault);

    /// <summary><see cref="ClassifyMany(IEnumerable{string}, CancellationToken)"/> of pictures whose files are in memory.</summary>
    /// <param name="encoded">The bytes of each file, which must not change meanwhile.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="AlexNetException">Bytes cannot be decoded; thrown in their turn, after the predictions before them.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IEnumerable<ImagePrediction> ClassifyMany(
        IEnumerable<byte[]> encoded, CancellationToken cancellationToken = default) =>
        TryClassifyMany(encoded, cancellationToken).Select(PredictionOrFault);

    /// <inheritdoc cref="ClassifyMany(IEnumerable{string}, CancellationToken)"/>
    /// <summary>
    /// <see cref="ClassifyMany(IEnumerable{string}, CancellationToken)"/> without blocking a thread while the caller waits.
    /// </summary>
    public IAsyncEnumerable<ImagePrediction> ClassifyManyAsync(
        IEnumerable<string> paths, CancellationToken cancellationToken = default) =>
        TryClassifyManyAsync(paths, cancellationToken).Select(PredictionOrFault);

    /// <inheritdoc cref="ClassifyMany(IEnumerable{Stream}, CancellationToken)"/>
    public IAsyncEnumerable<ImagePrediction> ClassifyManyAsync(
        IEnumerable<Stream> streams, CancellationToken cancellationToken = default) =>
        TryClassifyManyAsync(streams, cancellationToken).Select(PredictionOrFault);

    /// <inheritdoc cref="ClassifyMany(IEnumerable{byte[]}, CancellationToken)"/>
    public IAsyncEnumerable<ImagePrediction> ClassifyManyAsync(
        IEnumerable<byte[]> encoded, CancellationToken cancellationToken = default) =>
        TryClassifyManyAsync(encoded, cancellationToken).Select(PredictionOrFault);

    /// <summary>
    /// <see cref="ClassifyMany(IEnumerable{string}, CancellationToken)"/> that tells for each file whether it could be decoded
    /// instead of ending at the first that could not.
    /// </summary>
    /// <param name="paths">The files; asked for on any thread, one after the other.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IEnumerable<ImageOutcome> TryClassifyMany(
        IEnumerable<string> paths, CancellationToken cancellationToken = default) =>
        TryClassifyManyAsync(paths, cancellationToken).ToBlockingEnumerable(CancellationToken.None);

    /// <inheritdoc cref="TryClassifyManyAsync(IEnumerable{Stream}, CancellationToken)"/>
    public IEnumerable<ImageOutcome> TryClassifyMany(
        IEnumerable<Stream> streams, CancellationToken cancellationToken = default) =>
        TryClassifyManyAsync(streams, cancellationToken).ToBlockingEnumerable(CancellationToken.None);

    /// <inheritdoc cref="TryClassifyManyAsync(IEnumerable{byte[]}, CancellationToken)"/>
    public IEnumerable<ImageOutcome> TryClassifyMany(
        IEnumerable<byte[]> encoded, CancellationToken cancellationToken = default) =>
        TryClassifyManyAsync(encoded, cancellationToken).ToBlockingEnumerable(CancellationToken.None);

    /// <inheritdoc cref="TryClassifyMany(IEnumerable{string}, CancellationToken)"/>
    /// <summary>
    /// <see cref="TryClassifyMany(IEnumerable{string}, CancellationToken)"/> without blocking a thread while the caller waits.
    /// </summary>
    public IAsyncEnumerable<ImageOutcome> TryClassifyManyAsync(
        IEnumerable<string> paths, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return ScoreAsync(BatchPicture.FromFiles(paths), count: null, cancellationToken);
    }

    /// <summary>
    /// <see cref="TryClassifyMany(IEnumerable{string}, CancellationToken)"/> of pictures in streams, which are read
    /// asynchronously. A fault names a picture by its place, from 0.
    /// </summary>
    /// <param name="streams">
    /// The streams, read from where they are. Each is read to its end before the next is asked for, on any thread: an iterator
    /// may close one after it has yielded it.
    /// </param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IAsyncEnumerable<ImageOutcome> TryClassifyManyAsync(
        IEnumerable<Stream> streams, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streams);
        return ScoreAsync(BatchPicture.FromStreams(streams, _bounds, cancellationToken), count: null, cancellationToken);
    }

    /// <summary>
    /// <see cref="TryClassifyMany(IEnumerable{string}, CancellationToken)"/> of pictures whose files are in memory. A fault
    /// names a picture by its place, from 0.
    /// </summary>
    /// <param name="encoded">The bytes of each file, which must not change meanwhile.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IAsyncEnumerable<ImageOutcome> TryClassifyManyAsync(
        IEnumerable<byte[]> encoded, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        return ScoreAsync(BatchPicture.FromBytes(encoded), count: null, cancellationToken);
    }

    /// <summary>Scores pictures in batches, in their order.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="count">As of <see cref="PictureBatches.ScoreAsync"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal IAsyncEnumerable<ImageOutcome> ScoreAsync(
        IAsyncEnumerable<BatchPicture> pictures, int? count, CancellationToken cancellationToken)
    {
        _sessions.ThrowIfDisposed();
        return _batches.ScoreAsync(pictures, count, cancellationToken);
    }

    private static ImagePrediction PredictionOrFault(ImageOutcome outcome)
    {
        if (outcome.Fault is { } fault)
            ExceptionDispatchInfo.Throw(fault);

        return outcome.Prediction!;
    }
}
