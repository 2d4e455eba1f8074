using System.IO.Compression;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Scoring;

/// <summary>
/// Classifies pictures with a model zip, faster than ML.NET and with the same answers. One classifier serves all
/// threads of an app; they share the network. Each picture or batch keeps one processor core busy.
/// </summary>
/// <remarks>
/// It takes the network alone out of the zip and does the rest itself: pictures are decoded upright and whole, as
/// <see cref="ImageDecoder"/> does, then scaled and cropped as the stages in the zip do, byte for byte. Only a JPEG of
/// twice the size that the network takes, or more, is decoded at a half, a quarter or an eighth of its size, which is
/// several times faster and smooths what ML.NET's scaling leaves rough: its scores differ a little.
/// </remarks>
public sealed class ImageClassifier : IDisposable
{
    private readonly ScoringSession _session;
    private readonly PictureBatches _batches;
    private readonly MicroBatcher _gathered;

    private ImageClassifier(ScoringSession session)
    {
        _session = session;
        _batches = new PictureBatches(session);
        _gathered = new MicroBatcher(session.Score, Environment.ProcessorCount);
    }

    /// <summary>Class names in the order of <see cref="ImagePrediction.Score"/>.</summary>
    public IReadOnlyList<string> Classes => _session.Classes;

    /// <summary>
    /// Loads a model zip: load once, dispose at the end. The network is read once and handed to ONNX Runtime, which
    /// keeps its own copy. ML.NET's loader writes it to a temporary file, which it and ONNX Runtime each read: for
    /// AlexNet in float32 6 to 8 seconds and 233 MB of disk.
    /// </summary>
    /// <exception cref="AlexNetException">The file is missing or no model zip for pictures.</exception>
    public static ImageClassifier Load(string path) => ModelZip.Reading(path, () =>
    {
        using var zip = ZipFile.OpenRead(path);
        var session = new ScoringSession(NetworkEntry.ReadAll(zip));
        try
        {
            PictureStages.Require(zip, session.ImageSize);
            return new ImageClassifier(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    });

    /// <summary>A classifier of a model that is in memory, such as <see cref="ModelFile.Read"/> gives.</summary>
    public static ImageClassifier Of(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var onnx = new MemoryStream();
        OnnxExport.Write(model, "Pixels", onnx);
        return new ImageClassifier(new ScoringSession(onnx.ToArray()));
    }

    /// <summary>Classifies the picture in a file.</summary>
    /// <exception cref="AlexNetException">The file is missing or cannot be decoded; the message names it.</exception>
    public ImagePrediction Classify(string path) => _session.Score(Decode(path), 1)[0];

    /// <summary>Classifies the picture in the rest of the stream, which stays open.</summary>
    /// <exception cref="AlexNetException">The stream holds no picture, or one that is damaged.</exception>
    public ImagePrediction Classify(Stream stream)
    {
        var pixels = NoPixels();
        SquarePixels.Decode(
            ImageDecoder.ReadRest(stream), ImageDecoder.NameOfStream, _session.ImageSize, pixels);
        return _session.Score(pixels, 1)[0];
    }

    /// <summary>Classifies a picture in memory, upright and of any size. It stays the caller's.</summary>
    public ImagePrediction Classify(MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var pixels = NoPixels();
        SquarePixels.Of(image, _session.ImageSize, pixels);
        return _session.Score(pixels, 1)[0];
    }

    /// <summary>
    /// Classifies the picture in a file for one of many callers: pictures that come while all processor cores are busy
    /// are scored together, which takes less time than one by one. A picture that comes alone does not wait.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Gives the picture up.</param>
    /// <exception cref="AlexNetException">The file is missing or cannot be decoded; the message names it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<ImagePrediction> ClassifyAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        var pixels = await Task.Run(() => Decode(path), cancellationToken).ConfigureAwait(false);
        return await _gathered.ScoreAsync(pixels, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Classifies many files over all processor cores, in batches, and gives the predictions in the order of the files
    /// as they are asked for. Memory does not grow with their number, nor does work begin for more than a few batches
    /// ahead. The same files give the same scores, which may differ from those of <see cref="Classify(string)"/> in
    /// the last digits.
    /// </summary>
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="AlexNetException">
    /// A file is missing or cannot be decoded; thrown in its turn, after the predictions before it.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IEnumerable<ImagePrediction> ClassifyMany(
        IEnumerable<string> paths, CancellationToken cancellationToken = default) =>
        TryClassifyMany(paths, cancellationToken).Select(PredictionOrFault);

    /// <summary><see cref="ClassifyMany"/> without blocking a thread while the caller waits.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="AlexNetException">
    /// A file is missing or cannot be decoded; thrown in its turn, after the predictions before it.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IAsyncEnumerable<ImagePrediction> ClassifyManyAsync(
        IEnumerable<string> paths, CancellationToken cancellationToken = default) =>
        TryClassifyManyAsync(paths, cancellationToken).Select(PredictionOrFault);

    /// <summary>
    /// <see cref="ClassifyMany"/> that tells for each file whether it could be decoded instead of ending at the first
    /// that could not.
    /// </summary>
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IEnumerable<ImageOutcome> TryClassifyMany(
        IEnumerable<string> paths, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return _batches.Score(paths, cancellationToken);
    }

    /// <summary><see cref="TryClassifyMany"/> without blocking a thread while the caller waits.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IAsyncEnumerable<ImageOutcome> TryClassifyManyAsync(
        IEnumerable<string> paths, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return _batches.ScoreAsync(paths, cancellationToken);
    }

    /// <summary>Waits for calls under way, then lets go of the network.</summary>
    public void Dispose() => _session.Dispose();

    private static ImagePrediction PredictionOrFault(ImageOutcome outcome)
    {
        if (outcome.Fault is { } fault)
            ExceptionDispatchInfo.Throw(fault);

        return outcome.Prediction!;
    }

    private byte[] NoPixels() =>
        GC.AllocateUninitializedArray<byte>(SquarePixels.Length(_session.ImageSize));

    private byte[] Decode(string path)
    {
        var pixels = NoPixels();
        SquarePixels.Decode(
            ImageDecoder.ReadFile(path), ImageDecoder.NameOf(path), _session.ImageSize, pixels);
        return pixels;
    }
}
