using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Scoring;

/// <summary>
/// Classifies pictures with a model zip. One classifier serves all threads of an app; they share the network. Pictures
/// are decoded upright and whole by <see cref="ImageDecoder"/>, all else is done by the stages in the zip.
/// </summary>
public sealed class ImageClassifier : IDisposable
{
    private readonly MLContext _ml;
    private readonly ITransformer _model;
    private readonly ITransformer _scorer;

    // A PredictionEngine must not be used by two threads at once: each call borrows one.
    private readonly ConcurrentBag<PredictionEngine<Picture, ImagePrediction>> _engines = [];

    // Held to read by calls under way and to write by Dispose, which must not take the network from under them.
    private readonly ReaderWriterLockSlim _use = new();
    private bool _isDisposed;

    // Owns the model from here on.
    private ImageClassifier(MLContext ml, ITransformer model)
    {
        (_ml, _model) = (ml, model);
        try
        {
            _scorer = WithNamedPrediction(ModelZip.ForImagesInMemory(_model));
            VBuffer<ReadOnlyMemory<char>> classes = default;
            _scorer.GetOutputSchema(NoPictures.Schema)["Score"].GetSlotNames(ref classes);
            Classes = [.. classes.DenseValues().Select(name => name.ToString())];
            _engines.Add(CreateEngine());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Class names in the order of <see cref="ImagePrediction.Score"/>.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Loads a model zip. AlexNet's takes seconds and some 500 MB: load once, dispose at the end.</summary>
    /// <exception cref="AlexNetException">The file is missing or no model zip for pictures.</exception>
    public static ImageClassifier Load(string path) => Load(new MLContext(), path);

    /// <summary>Loads a model zip in a context, whose temporary folder it uses until it is disposed.</summary>
    internal static ImageClassifier Load(MLContext ml, string path)
    {
        var model = ModelZip.Load(ml, path);
        return ModelZip.Reading(path, () => new ImageClassifier(ml, model));
    }

    /// <summary>Classifies the picture in a file.</summary>
    /// <exception cref="AlexNetException">The file is missing or cannot be decoded; the message names it.</exception>
    public ImagePrediction Classify(string path)
    {
        using var image = ImageDecoder.Decode(path);
        return Score(image);
    }

    /// <summary>Classifies the picture in the rest of the stream, which stays open.</summary>
    /// <exception cref="AlexNetException">The stream holds no picture, or one that is damaged.</exception>
    public ImagePrediction Classify(Stream stream)
    {
        using var image = ImageDecoder.Decode(stream);
        return Score(image);
    }

    /// <summary>Classifies a picture in memory, upright and of any size. It stays the caller's.</summary>
    public ImagePrediction Classify(MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);

        // ML.NET's resizing passes a picture of the right size on as it is and disposes it at the next one.
        using var copy = MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels);
        return Score(copy);
    }

    /// <summary>
    /// Classifies many files over all processor cores, in the order given, each as soon as it is asked for and those
    /// before it are done.
    /// </summary>
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Ends the work between two pictures.</param>
    /// <exception cref="AlexNetException">
    /// A file is missing or cannot be decoded; thrown in its turn, after the predictions before it.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IEnumerable<ImagePrediction> ClassifyMany(
        IEnumerable<string> paths, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths
            .AsParallel().AsOrdered()
            .WithCancellation(cancellationToken)
            .WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(Try)
            .AsSequential()
            .Select(result => result());
    }

    /// <summary>Waits for calls under way, then lets go of the network.</summary>
    public void Dispose()
    {
        _use.EnterWriteLock();
        try
        {
            _isDisposed = true;
            while (_engines.TryTake(out var engine))
                engine.Dispose();
            (_model as IDisposable)?.Dispose();
        }
        finally
        {
            _use.ExitWriteLock();
        }
    }

    private IDataView NoPictures => _ml.Data.LoadFromEnumerable<Picture>([]);

    // The zip of a pipeline without MapKeyToValue at its end predicts keys.
    private ITransformer WithNamedPrediction(ITransformer scorer)
    {
        var scored = scorer.Transform(NoPictures);
        return scored.Schema["PredictedLabel"].Type is KeyDataViewType
            ? new TransformerChain<ITransformer>(
                scorer, _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored))
            : scorer;
    }

    // A fault is thrown where its result is asked for, in order, not from whichever thread met one first.
    private Func<ImagePrediction> Try(string path)
    {
        try
        {
            var prediction = Classify(path);
            return () => prediction;
        }
        catch (Exception fault)
        {
            var captured = ExceptionDispatchInfo.Capture(fault);
            return () =>
            {
                captured.Throw();
                return null!; // not reached
            };
        }
    }

    private ImagePrediction Score(MLImage image)
    {
        _use.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_engines.TryTake(out var engine))
                engine = CreateEngine();

            return Score(image, engine);
        }
        finally
        {
            _use.ExitReadLock();
        }
    }

    private ImagePrediction Score(MLImage image, PredictionEngine<Picture, ImagePrediction> engine)
    {
        try
        {
            var prediction = engine.Predict(new Picture { Image = image });
            _engines.Add(engine);
            return prediction;
        }
        catch
        {
            engine.Dispose(); // one that failed is not used again
            throw;
        }
    }

    private PredictionEngine<Picture, ImagePrediction> CreateEngine() =>
        _ml.Model.CreatePredictionEngine<Picture, ImagePrediction>(
            _scorer, new PredictionEngineOptions { OwnsTransformer = false });

    private sealed class Picture
    {
        [ImageType(ImagePreprocessing.DefaultImageSize, ImagePreprocessing.DefaultImageSize)] // any other size will do
        public MLImage? Image { get; set; }
    }
}
