using System.Buffers;
using Microsoft.ML.Data;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Scoring;

/// <summary>
/// Classifies pictures with a model zip, faster than ML.NET. One classifier serves all threads of an app; they share
/// the network.
/// </summary>
/// <remarks>
/// It takes the network alone out of the zip and decodes the pictures with <see cref="PixelDecoder"/>, as training does.
/// The stages of the zip do the same work in ML.NET's way: turned pictures stay turned there, and the scores of large
/// JPEGs differ a little.
/// </remarks>
public sealed partial class ImageClassifier : IDisposable
{
    private readonly ScoringSessions _sessions;
    private readonly PictureForm _form;
    private readonly DecodeBounds _bounds;
    private readonly PictureBatches _batches;
    private readonly MicroBatcher _gathered;

    private ImageClassifier(ScoringSessions sessions, PictureForm form, ScoringOptions options)
    {
        (_sessions, _form, _bounds) = (sessions, form, new DecodeBounds(options.MaximumPixels));
        _batches = new PictureBatches(sessions, form, options.MaximumPixels);
        _gathered = new MicroBatcher(
            (pixels, pictures) => sessions.Many.Score(pixels, pictures), sessions.AtOnce, Views.Count());
    }

    /// <summary>Class names in the order of <see cref="ImagePrediction.Score"/>.</summary>
    public IReadOnlyList<string> Classes => _sessions.Alone.Classes;

    /// <summary>The views of a picture that are scored and averaged.</summary>
    public ScoringViews Views => _sessions.Alone.Views;

    /// <summary>The pictures that the model was trained on, as far as its file says.</summary>
    public PictureFingerprints TrainedOn => _sessions.Alone.TrainedOn;

    /// <summary>The squares that it scores.</summary>
    internal PictureForm Form => _form;

    /// <summary>What ends or refuses a decoding.</summary>
    internal DecodeBounds Bounds => _bounds;

    /// <summary>
    /// Loads a model zip: load once, dispose at the end. The network is read once and handed to ONNX Runtime, which
    /// keeps its own copy. ML.NET's loader writes it to a temporary file, which it and ONNX Runtime each read: for
    /// AlexNet in float32 three times as long (tests/Benchmarks, <c>load</c>) and 233 MB of disk.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it scores. Default: on the processor.</param>
    /// <exception cref="AlexNetException">
    /// The file is missing or no model zip for pictures, or the device cannot be used; the message says why.
    /// </exception>
    /// <remarks>
    /// A picture that comes alone is scored by all processor cores. For many pictures, and for calls at the same time,
    /// the network is loaded a second time when they first come, so that each core works on pictures of its own; the
    /// file stays open for that. On a card it is loaded once.
    /// </remarks>
    public static ImageClassifier Load(string path, ScoringOptions? options = null)
    {
        options = Check(options);
        return Load(path, "a model zip for pictures", ModelZipReader.OpenGraph(path), options);
    }

    /// <summary>
    /// Opens any file of a model for scoring, told by what it contains; 8-bit networks as well, of this library and of
    /// ONNX Runtime's quantizer, whose weights <see cref="ModelFile.Read"/> cannot give.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">
    /// As in <see cref="ModelFile.Read"/>; with other <see cref="ModelFileOptions.Views"/> the file stays as it is.
    /// </param>
    /// <param name="assumed">As in <see cref="ModelFileContent"/>.</param>
    /// <param name="scoring">How it scores. Default: on the processor.</param>
    /// <exception cref="AlexNetException">As in <see cref="ModelFile.Read"/>, or the device cannot be used.</exception>
    public static ImageClassifier Open(
        string path, ModelFileOptions? options, out IReadOnlyList<string> assumed, ScoringOptions? scoring = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        scoring = Check(scoring);
        assumed = [];
        options ??= new ModelFileOptions();
        OptionFaults.RequireNone(options.ListFaults());
        if (options.SayNothingButViews && ModelFile.OpenGraph(path) is { } graph)
            return Load(path, "a model for pictures", graph, scoring, views: options.Views);

        if (ModelFile.ReadKept(path, options) is { } kept)
        {
            assumed = kept.Assumed;
            return Load(path, "a model for pictures", kept.Wrap!(kept.Model), scoring);
        }

        var content = ModelFile.Read(path, options);
        assumed = content.Assumed;
        return Load(content.Model, scoring);
    }

    /// <summary>A classifier of a model that is in memory, such as <see cref="ModelFile.Read"/> gives.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How it scores. Default: on the processor.</param>
    /// <exception cref="AlexNetException">The device cannot be used; the message says why.</exception>
    public static ImageClassifier Load(TrainedModel model, ScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options = Check(options);
        return new ImageClassifier(
            new ScoringSessions(OnnxExport.Create(model), options.Device), model.Preprocessing.Form, options);
    }

    private static ScoringOptions Check(ScoringOptions? options)
    {
        options ??= new ScoringOptions();
        OptionFaults.RequireNone(options.ListFaults());
        return options;
    }

    private static ImageClassifier Load(
        string path, string kind, ScoringGraph graph, ScoringOptions options, ScoringViews? views = null) =>
        FileReading.Read(path, kind, () =>
        {
            ScoringSessions? sessions = null;
            try
            {
                if (views is { } given)
                    graph = FileReading.ReadUnchecked(() => OnnxViews.Set(graph, given));
                sessions = FileReading.ReadUnchecked(() => new ScoringSessions(graph, options.Device));
                var form = sessions.Alone.Form;
                return new ImageClassifier(
                    sessions, graph.ReadForm is { } read ? RequireSide(form.Side, read()) : form, options);
            }
            catch
            {
                sessions?.Dispose();
                graph.Dispose();
                throw;
            }
        }, otherOptions: [nameof(ScoringOptions.Device), nameof(ModelFileOptions.Views)]);

    private static PictureForm RequireSide(int side, PictureForm? stages) =>
        stages is not { } form ? throw new AlexNetException("it has no stage that loads pictures from files")
        : form.Side == side ? form
        : throw new AlexNetException($"its stages make squares of {form.Side} pixels, and its network takes {side}");

    /// <summary>Classifies the picture in a file.</summary>
    /// <exception cref="AlexNetException">The file is missing or cannot be decoded; the message names it.</exception>
    public ImagePrediction Classify(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Score((pixels, bounds) => PixelDecoder.Decode(path, _form, pixels, bounds));
    }

    /// <summary>Classifies the picture in the rest of the stream, which stays open.</summary>
    /// <exception cref="AlexNetException">The stream holds no picture, or one that is damaged.</exception>
    public ImagePrediction Classify(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Score((pixels, bounds) => PixelDecoder.Decode(stream, _form, pixels, bounds));
    }

    /// <summary>Classifies a picture whose file is in memory.</summary>
    /// <exception cref="AlexNetException">The bytes are no picture, or one that is damaged.</exception>
    public ImagePrediction Classify(ReadOnlyMemory<byte> encoded) => Score(
        (pixels, bounds) => PixelDecoder.Decode(encoded.Span, PixelDecoder.InMemory, _form, pixels, bounds));

    /// <summary>Classifies a picture that is decoded, upright and of any size. It stays the caller's.</summary>
    public ImagePrediction Classify(MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Score((pixels, _) => PixelDecoder.Decode(image, _form, pixels));
    }

    /// <summary>
    /// Classifies the picture in a file for one of many callers: pictures that come while all processor cores are busy
    /// are scored together, which takes less time than one by one. A picture that comes alone does not wait.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Gives the picture up.</param>
    /// <exception cref="AlexNetException">The file is missing or cannot be decoded; the message names it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<ImagePrediction> ClassifyAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return DecodeAndGatherAsync(
            (pixels, bounds) => PixelDecoder.Decode(path, _form, pixels, bounds), cancellationToken);
    }

    /// <summary>
    /// <see cref="ClassifyAsync(string, CancellationToken)"/> of the picture in the rest of the stream, which is read
    /// asynchronously and stays open.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Gives the picture up.</param>
    /// <exception cref="AlexNetException">The stream holds no picture, or one that is damaged.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<ImagePrediction> ClassifyAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _sessions.ThrowIfDisposed();
        using var bytes = await StreamBytes
            .ReadAsync(stream, PixelDecoder.InStream, _bounds with { Cancel = cancellationToken }).ConfigureAwait(false);
        return await DecodeAndGatherAsync(
            (pixels, bounds) => PixelDecoder.Decode(bytes.Span, PixelDecoder.InStream, _form, pixels, bounds),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary><see cref="ClassifyAsync(string, CancellationToken)"/> of a picture whose file is in memory.</summary>
    /// <param name="encoded">The file's bytes; must not change until the task ends.</param>
    /// <param name="cancellationToken">Gives the picture up.</param>
    /// <exception cref="AlexNetException">The bytes are no picture, or one that is damaged.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<ImagePrediction> ClassifyAsync(
        ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken = default) => DecodeAndGatherAsync(
            (pixels, bounds) => PixelDecoder.Decode(encoded.Span, PixelDecoder.InMemory, _form, pixels, bounds),
            cancellationToken);

    /// <summary>
    /// Waits for calls under way, then lets go of the network. Later calls throw <see cref="ObjectDisposedException"/>,
    /// as does asking for more predictions of an earlier one.
    /// </summary>
    public void Dispose() => _sessions.Dispose();

    private delegate void Fill(Span<byte> pixels, DecodeBounds bounds);

    private async Task<ImagePrediction> DecodeAndGatherAsync(Fill fill, CancellationToken cancellationToken)
    {
        _sessions.ThrowIfDisposed();
        var pixels = GC.AllocateUninitializedArray<byte>(_form.Bytes);
        await Task.Run(() => fill(pixels, _bounds with { Cancel = cancellationToken }), cancellationToken).ConfigureAwait(false);
        return await _gathered.ScoreAsync(pixels, cancellationToken).ConfigureAwait(false);
    }

    private ImagePrediction Score(Fill fill)
    {
        _sessions.ThrowIfDisposed();
        var length = _form.Bytes;
        var pixels = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            fill(pixels.AsSpan(0, length), _bounds);
            return _sessions.Score(pixels);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }
}
