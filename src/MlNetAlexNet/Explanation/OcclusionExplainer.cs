using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Explanation;

/// <summary>
/// Tells where in a picture the evidence for a class is: a square hides one part of it after the other, and where the class
/// becomes less probable something was hidden that speaks for it (Zeiler and Fergus, Visualizing and Understanding Convolutional
/// Networks, ECCV 2014, section 4.2). It works with any model that an <see cref="ImageClassifier"/> scores, and takes
/// <see cref="ExplanationOptions.Passes"/> passes, in batches over all processor cores.
/// </summary>
public sealed class OcclusionExplainer
{
    private readonly ImageClassifier _classifier;
    private readonly ExplanationOptions _options;
    private readonly HiddenSquares _squares;
    private readonly int? _class;

    /// <param name="classifier">The model; it stays the caller's.</param>
    /// <param name="options">What is explained. Default: the most probable class.</param>
    /// <exception cref="AlexNetException">An option is out of range, or the class is not one of the model's.</exception>
    public OcclusionExplainer(ImageClassifier classifier, ExplanationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        (_classifier, _options) = (classifier, options ?? new ExplanationOptions());
        OptionFaults.RequireNone(_options.ListFaults());
        _class = _options.FindClass(classifier.Classes);
        _squares = new HiddenSquares(classifier.Form.Side, _options);
    }

    /// <summary>Explains the picture in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Receives a report for every pass, in order.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="AlexNetException">The file is missing or cannot be decoded; the message names it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public OcclusionMap Explain(
        string path, IProgress<ExplanationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        ExplainAsync(path, progress, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Explains the picture in the rest of the stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="progress">Receives a report for every pass, in order.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="AlexNetException">The stream holds no picture, or one that is damaged.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public OcclusionMap Explain(
        Stream stream, IProgress<ExplanationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        ExplainAsync(stream, progress, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Explains a picture whose file is in memory.</summary>
    /// <param name="encoded">The file's bytes; must not change meanwhile.</param>
    /// <param name="progress">Receives a report for every pass, in order.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="AlexNetException">The bytes are no picture, or one that is damaged.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public OcclusionMap Explain(
        ReadOnlyMemory<byte> encoded, IProgress<ExplanationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        ExplainAsync(encoded, progress, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="Explain(string, IProgress{ExplanationProgress}, CancellationToken)"/>
    /// <summary><see cref="Explain(string, IProgress{ExplanationProgress}, CancellationToken)"/> without blocking a thread.</summary>
    public Task<OcclusionMap> ExplainAsync(
        string path, IProgress<ExplanationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ExplainAsync(
            bounds =>
            {
                using var picture = EncodedPicture.Read(path, bounds);
                return ExplainedPicture.Decode(picture, _classifier.Form);
            },
            progress,
            cancellationToken);
    }

    /// <inheritdoc cref="Explain(Stream, IProgress{ExplanationProgress}, CancellationToken)"/>
    /// <summary><see cref="Explain(Stream, IProgress{ExplanationProgress}, CancellationToken)"/> without blocking a thread.</summary>
    public async Task<OcclusionMap> ExplainAsync(
        Stream stream, IProgress<ExplanationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = await StreamBytes
            .ReadAsync(stream, PixelDecoder.InStream, _classifier.Bounds with { Cancel = cancellationToken }).ConfigureAwait(false);
        return await ExplainAsync(bounds => Decode(bytes.Span, PixelDecoder.InStream, bounds), progress, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc cref="Explain(ReadOnlyMemory{byte}, IProgress{ExplanationProgress}, CancellationToken)"/>
    /// <summary><see cref="Explain(ReadOnlyMemory{byte}, IProgress{ExplanationProgress}, CancellationToken)"/> without blocking a thread.</summary>
    public Task<OcclusionMap> ExplainAsync(
        ReadOnlyMemory<byte> encoded, IProgress<ExplanationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        ExplainAsync(bounds => Decode(encoded.Span, PixelDecoder.InMemory, bounds), progress, cancellationToken);

    private ExplainedPicture Decode(ReadOnlySpan<byte> encoded, string name, DecodeBounds bounds)
    {
        using var picture = new EncodedPicture(encoded, name, bounds);
        return ExplainedPicture.Decode(picture, _classifier.Form);
    }

    private async Task<OcclusionMap> ExplainAsync(
        Func<DecodeBounds, ExplainedPicture> decode, IProgress<ExplanationProgress>? progress, CancellationToken cancellationToken)
    {
        var bounds = _classifier.Bounds with { Cancel = cancellationToken };
        var picture = await Task.Run(() => decode(bounds), cancellationToken).ConfigureAwait(false);
        var passes = _options.Passes;
        ImagePrediction? whole = null;
        var hidden = new List<float[]>(passes - 1);
        await foreach (var outcome in _classifier.ScoreAsync(ListPasses(picture), passes, cancellationToken).ConfigureAwait(false))
        {
            if (whole is null)
                whole = outcome.Prediction!;
            else
                hidden.Add(outcome.Prediction!.Score);
            progress?.Report(new ExplanationProgress(hidden.Count + 1, passes));
        }

        var index = _class ?? Enumerable.Range(0, _classifier.Classes.Count).First(i => _classifier.Classes[i] == whole!.PredictedLabel);
        return new OcclusionMap(whole!, _classifier.Classes[index], index, hidden, picture, _squares);
    }

    // The picture itself, then with each place hidden.
    private IAsyncEnumerable<BatchPicture> ListPasses(ExplainedPicture picture)
    {
        var pixels = new HiddenPixels(picture.Square, _classifier.Form.Side, picture.AreaOf(_classifier.Form), _options.Fill);
        return Enumerable.Range(0, _options.Passes)
            .Select(pass => new BatchPicture("", HeldBytes: 0, (_, into, _) =>
            {
                pixels.Write(pass == 0 ? default : _squares[pass - 1], into);
                return false;
            }))
            .ToAsyncEnumerable();
    }
}
