using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Engine;

namespace MlNetAlexNet.Training;

/// <summary>
/// Trains a network on a column of pixels, <c>Vector&lt;Byte, 256, 256, 3&gt;</c>, and a key column of classes. What it
/// fits is a chain of ML.NET's own transformers with the columns <c>Score</c> (a probability for each class, with the
/// class names as slot names), <c>PredictedLabel</c> (a key), <c>TopLabels</c> and <c>TopScores</c>. Create it with
/// <see cref="AlexNetCatalog.AlexNet"/>. One trainer can fit any number of times; no fit leaves anything to the next.
/// </summary>
public sealed class AlexNetTrainer : IEstimator<ITransformer>
{
    private readonly IHostEnvironment _environment;

    // Only builds transformers; what the user wants to know goes to the log of their own environment.
    private readonly MLContext _ml = new();

    internal AlexNetTrainer(IHostEnvironment environment, TrainingOptions options) =>
        (_environment, Options) = (environment, options);

    /// <summary>How it trains.</summary>
    public TrainingOptions Options { get; }

    /// <inheritdoc cref="Fit(IDataView, IDataView)"/>
    /// <remarks>Keeps <see cref="TrainingOptions.ValidationFraction"/> of the pictures apart for validation.</remarks>
    public ITransformer Fit(IDataView input) => Fit(input, validation: null);

    /// <summary>Trains, and gives the transformers that score.</summary>
    /// <param name="train">Pictures to learn from.</param>
    /// <param name="validation">
    /// Pictures by which the best epoch is chosen, of the same classes; null to keep
    /// <see cref="TrainingOptions.ValidationFraction"/> of <paramref name="train"/> apart.
    /// </param>
    /// <exception cref="AlexNetException">An option, a column or a picture cannot be used, or the loss diverged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first step was done.</exception>
    public ITransformer Fit(IDataView train, IDataView? validation) =>
        ScoringChain.Create(_ml, Train(train, validation).Model, Options.PixelsColumnName);

    /// <summary>Trains, and gives the network with the history of its epochs.</summary>
    /// <inheritdoc cref="Fit(IDataView, IDataView)"/>
    public TrainingResult Train(IDataView train, IDataView? validation = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        var hasValidation = validation is not null || Options.ValidationFraction > 0;
        TrainingOptionsCheck.Check(Options, hasValidation);
        var classes = LabelColumn.Classes(train.Schema, Options.LabelColumnName);
        var start = Start(classes, PixelReader.ImageSize(train.Schema, Options.PixelsColumnName), hasValidation);
        using var pixels = Read(train, classes);
        if (validation is null)
        {
            var (trainPart, heldOut) = Split(pixels, classes);
            return Whole(Train(start, new(pixels, trainPart), new(pixels, heldOut)));
        }

        using var validationPixels = Read(validation, classes);
        return Whole(Train(start, new(pixels, AllOf(pixels)), new(validationPixels, AllOf(validationPixels))));
    }

    /// <summary>
    /// Trains on pictures that are decoded; without validation where it has no rows. A training that diverged after its
    /// first epoch gives the best weights before, and says so.
    /// </summary>
    internal TrainingResult Train(IReadOnlyList<string> classes, PixelRows train, PixelRows validation) =>
        Train(Start(classes, train.Set.Pictures.ImageSize, validation.Rows.Count > 0), train, validation);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        ScoringChain.GetOutputSchema(_ml, inputSchema, Options.PixelsColumnName);

    private static TrainingResult Whole(TrainingResult result) =>
        result.Divergence is { } divergence ? throw new AlexNetException(divergence) : result;

    private TrainedModel Start(IReadOnlyList<string> classes, int imageSize, bool hasValidation)
    {
        TrainingOptionsCheck.Check(Options, hasValidation);
        _ = ClassWeights(classes);
        return UntrainedModel.Of(Options, classes, imageSize);
    }

    private TrainingResult Train(TrainedModel start, PixelRows train, PixelRows validation)
    {
        using var log = new TrainingLog(_environment, Options.Progress);
        var crop = start.Preprocessing.CropSize;
        var preprocessing = UntrainedModel.Preprocessing(Options, train.Set.Pictures.ImageSize)
            ?? PixelStatistics.Preprocessing(train, crop, Options.CancellationToken);
        var outcome = TrainingLoop.Run(
            start.Plan,
            start.Weights,
            preprocessing,
            Batches(train),
            validation.Rows.Count > 0 ? Batches(validation) : null,
            ClassWeights(start.Classes),
            Options with { Progress = log });
        var model = new TrainedModel(start.Plan, outcome.Weights, preprocessing, start.Classes, start.TopK);
        return new TrainingResult(
            model, outcome.History, outcome.BestEpoch, outcome.Device, outcome.Precision, outcome.IsCancelled)
        {
            Divergence = outcome.Divergence,
        };

        BatchSource Batches(PixelRows pictures) => new(pictures, Options.BatchSize, crop, Options.LoadingThreads);
    }

    private PixelSet Read(IDataView data, IReadOnlyList<string> classes) => PixelReader.Read(
        data, Options.PixelsColumnName, Options.LabelColumnName, classes, Options.CancellationToken);

    private (int[] Train, int[] Validation) Split(PixelSet pixels, IReadOnlyList<string> classes)
    {
        var partOf = StratifiedSplit.PartOfEach(
            [.. pixels.Labels.Select(label => classes[label])],
            [1 - Options.ValidationFraction, Options.ValidationFraction],
            Options.Seed);
        return (Part(0), Part(1));

        int[] Part(int part) => [.. AllOf(pixels).Where(row => partOf[row] == part)];
    }

    private static int[] AllOf(PixelSet pixels) => [.. Enumerable.Range(0, pixels.Labels.Count)];

    private IReadOnlyList<float> ClassWeights(IReadOnlyList<string> classes)
    {
        var weights = Options.ClassWeights ?? new Dictionary<string, double>();
        return weights.Keys.FirstOrDefault(name => !classes.Contains(name)) is { } unknown
            ? throw new AlexNetException(
                $"ClassWeights names '{unknown}', which is no class here. Known: {string.Join(", ", classes)}.")
            : [.. classes.Select(name => (float)weights.GetValueOrDefault(name, 1))];
    }
}
