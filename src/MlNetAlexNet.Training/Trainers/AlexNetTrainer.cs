using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training.Checkpoints;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Engine;
using MlNetAlexNet.Training.Teachers;

namespace MlNetAlexNet.Training.Trainers;

/// <summary>
/// Trains a network on a column of pixels, <c>Vector&lt;Byte, 256, 256, 3&gt;</c>, and a key column of classes. What it
/// fits is a chain of ML.NET's own transformers with the columns <c>Score</c> (a probability for each class, with the
/// class names as slot names), <c>PredictedLabel</c> (a key), <c>TopLabels</c> and <c>TopScores</c>. Create it with
/// <see cref="AlexNetCatalog.AlexNet"/>. One trainer can fit any number of times; no fit leaves anything to the next.
/// </summary>
public sealed class AlexNetTrainer : IEstimator<ITransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly TrainingObservation _observation;

    // Only builds transformers; what the user wants to know goes to the log of their own environment.
    private readonly MLContext _ml = new();

    internal AlexNetTrainer(
        IHostEnvironment environment,
        TrainingOptions options,
        TrainingStart start,
        TrainingColumns columns,
        TrainingObservation observation)
    {
        (_environment, _observation) = (environment, observation);
        (Options, Start, Columns) = (options, start, columns);
    }

    /// <summary>What is learnt and how.</summary>
    public TrainingOptions Options { get; }

    /// <summary>From what.</summary>
    public TrainingStart Start { get; }

    /// <summary>The columns of the data.</summary>
    public TrainingColumns Columns { get; }

    /// <inheritdoc cref="Fit(IDataView, IDataView)"/>
    /// <remarks>Keeps <see cref="TrainingColumns.ValidationFraction"/> of the pictures apart for validation.</remarks>
    public ITransformer Fit(IDataView input) => Fit(input, validation: null);

    /// <summary>Trains, and gives the transformers that score.</summary>
    /// <param name="train">Pictures to learn from.</param>
    /// <param name="validation">
    /// Pictures by which the best epoch is chosen, of the same classes; null to keep
    /// <see cref="TrainingColumns.ValidationFraction"/> of <paramref name="train"/> apart.
    /// </param>
    /// <exception cref="AlexNetException">
    /// An option, a column or a picture cannot be used, the memory does not suffice for a batch, or the loss diverged.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first step was done.</exception>
    public ITransformer Fit(IDataView train, IDataView? validation) =>
        ScoringChain.Create(_ml, Whole(Train(train, validation)).Model, Columns.Pixels);

    /// <summary>
    /// Trains, and gives the network with the history of its epochs: of the best one so far, where something ended the training
    /// after an epoch, which <see cref="TrainingResult.Fault"/> tells and <see cref="Fit(IDataView, IDataView)"/> throws.
    /// </summary>
    /// <inheritdoc cref="Fit(IDataView, IDataView)"/>
    public TrainingResult Train(IDataView train, IDataView? validation = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        var hasValidation = validation is not null || Columns.ValidationFraction > 0;
        OptionFaults.RequireNone([.. Options.ListFaults(hasValidation), .. Columns.ListFaults(), .. _observation.ListFaults()]);
        var classes = LabelColumn.ReadClasses(train.Schema, Columns.Label);
        var (side, mode) = PixelReader.ReadForm(train.Schema, Columns.Pixels);
        if (validation is not null)
            RequireAlike(side, mode, validation.Schema, classes);

        var start = Resolve(classes, side, mode);
        using var pixels = Read(train, classes);
        if (validation is null)
        {
            var (trainPart, heldOut) = Split(pixels, classes);
            return Train(start, new(pixels, trainPart), new(pixels, heldOut));
        }

        using var validationPixels = Read(validation, classes);
        return Train(start, new(pixels, AllOf(pixels)), new(validationPixels, AllOf(validationPixels)));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        ScoringChain.GetOutputSchema(_ml, inputSchema, Columns.Pixels);

    /// <summary>The model to train, before any picture is read.</summary>
    /// <param name="classes">The classes to train, in order.</param>
    /// <param name="imageSize">Side of the square pictures, in pixels; null for the one that the start chooses.</param>
    /// <param name="resizeMode">How pictures became those squares; null for the start's way.</param>
    /// <exception cref="AlexNetException">
    /// The start does not fit the classes or the pictures, or there is no such LibTorch or device.
    /// </exception>
    internal StartingModel Resolve(IReadOnlyList<string> classes, int? imageSize, ImageResizeMode? resizeMode)
    {
        if (classes.Count < 2)
        {
            throw new AlexNetException(
                $"The label column '{Columns.Label}' has {classes.Count} class(es) "
                + $"({string.Join(", ", classes)}); a classifier needs at least 2.");
        }

        _ = ClassWeights(classes);
        if (Options.Teacher is { } teacher)
            new TeacherNetwork(teacher).Dispose(); // what is wrong with it is told now
        TorchDevice.Prepare(Options, _observation); // first, since a start draws its weights
        var chosen = Start.ChooseForm(classes.Count);
        var form = new PictureForm(imageSize ?? chosen.Side, resizeMode ?? chosen.Mode);
        return Start.Resolve(classes, form, Options);
    }

    /// <summary>What computes a training, each with what tells it from another; to be asked after <see cref="Resolve"/>.</summary>
    internal IEnumerable<KeyValuePair<string, string>> DescribeEngine() =>
    [
        new("device", TorchDevice.DescribeKind(TorchDevice.Resolve(Options.Device))),
        new("LibTorch", TorchDevice.DescribeBuild().LibTorch),
    ];

    /// <summary>
    /// Trains on pictures that are decoded; without validation where it has no rows. A training that something ended after its
    /// first epoch gives the best weights before, and says so.
    /// </summary>
    /// <param name="start">The model.</param>
    /// <param name="train">Pictures to learn from.</param>
    /// <param name="validation">Pictures by which the best epoch is chosen.</param>
    /// <param name="features">The teacher whose features are the model's classes. Default null: its classes are classes.</param>
    /// <param name="checkpoints">Keeps the training, to be gone on with. Default null: nobody does.</param>
    internal TrainingResult Train(
        StartingModel start, PixelRows train, PixelRows validation, TeacherNetwork? features = null,
        CheckpointWriter? checkpoints = null)
    {
        Options.RequireCountableSteps(train.Rows.Count);
        using var log = new TrainingLog(_environment, _observation);
        var untrained = start.Model;
        var crop = untrained.Preprocessing.CropSize;
        var preprocessing = start.MeasuresPictures
            ? PixelStatistics.Measure(train, untrained.Preprocessing, _observation.CancellationToken)
            : untrained.Preprocessing;
        if (start.MeasuresMeanImage)
            preprocessing = PixelStatistics.MeasureImage(train, preprocessing, _observation.CancellationToken);
        var components = Options.Augmentation.Lighting > 0
            ? PixelStatistics.MeasureComponents(train, preprocessing.Mean.Count, _observation.CancellationToken)
            : null;
        var (lessons, taught) = Explained(Teach);
        using var released = lessons;
        using var trainBatches = Batches(taught);
        using var validationBatches = validation.Rows.Count > 0 ? Batches(validation) : null;
        var outcome = Explained(Run);
        var model = new TrainedModel(untrained.Plan, outcome.Weights, preprocessing, untrained.Classes, untrained.TopK)
        {
            TrainedOn = untrained.TrainedOn,
            ChosenBy = untrained.ChosenBy,
        };
        return new TrainingResult(
            model, outcome.History, outcome.BestEpoch, outcome.Device, outcome.Precision, outcome.IsCancelled)
        {
            Fault = outcome.Fault,
            Torch = TorchDevice.DescribeBuild(),
        };

        (TeacherLessons?, PixelRows) Teach()
        {
            if (Options.Teacher is not { } teacher)
                return (null, train);

            using var network = features is null ? new TeacherNetwork(teacher) : null;
            var observation = _observation with { Progress = log };
            return network is null
                ? TeacherLessons.PrepareFeatures(features!, train, crop, Options, observation)
                : TeacherLessons.Prepare(network, train, crop, untrained.Classes.Count, Options, observation);
        }

        BatchSource Batches(PixelRows pictures) => TrainingBatches.Create(pictures, crop, Options, _observation, components);

        TrainingOutcome Run() => TrainingLoop.Run(
            start, preprocessing, trainBatches, validationBatches, WeighClasses(untrained.Classes, train), lessons, Options,
            _observation with { Progress = log }, checkpoints);

        T Explained<T>(Func<T> work)
        {
            try
            {
                return work();
            }
            catch (Exception fault) when (MemoryFault.Matches(fault))
            {
                throw MemoryFault.Explain(fault, Options);
            }
        }
    }

    private static TrainingResult Whole(TrainingResult result)
    {
        if (result.Fault is { } fault)
            ExceptionDispatchInfo.Throw(fault);

        return result;
    }

    // Whatever can be told of the validation pictures before any picture is read.
    private void RequireAlike(int side, ImageResizeMode? mode, DataViewSchema validation, IReadOnlyList<string> classes)
    {
        var other = PixelReader.ReadForm(validation, Columns.Pixels);
        if (other.Side != side || other.Mode != mode)
        {
            throw new AlexNetException(
                $"The training pictures are {Describe((side, mode))}, those for validation {Describe(other)}; they must be "
                + "alike. Load both with the same ml.Transforms.LoadPixels.");
        }

        if (LabelColumn.ReadClasses(validation, Columns.Label).All(name => !classes.Contains(name)))
        {
            throw new AlexNetException(
                $"None of the classes of the validation pictures is one of the training pictures. Known: {string.Join(", ", classes)}.");
        }

        static string Describe((int Side, ImageResizeMode? Mode) form) =>
            $"{form.Side}x{form.Side}" + (form.Mode is { } known ? $" ({known})" : "");
    }

    private PixelSet Read(IDataView data, IReadOnlyList<string> classes) => PixelReader.Read(
        data, Columns.Pixels, Columns.Label, classes, _observation.CancellationToken, _observation.Progress);

    private (int[] Train, int[] Validation) Split(PixelSet pixels, IReadOnlyList<string> classes)
    {
        var partOf = StratifiedSplit.DrawParts(
            [.. pixels.Labels.Select(label => classes[label])],
            HashAll(pixels.Pictures, pixels.Labels.Count),
            [1 - Columns.ValidationFraction, Columns.ValidationFraction],
            Options.Seed);
        return (Part(0), Part(1));

        int[] Part(int part) => [.. AllOf(pixels).Where(row => partOf[row] == part)];
    }

    private static ulong[] HashAll(PixelFile pictures, int count)
    {
        var hashes = new ulong[count];
        ParallelFaults.Unwrap(() => Parallel.For(0, count, () => new byte[pictures.PictureBytes], (row, _, picture) =>
        {
            pictures.Read(row, picture);
            hashes[row] = PixelCacheFile.HashOf(picture);
            return picture;
        }, _ => { }));
        return hashes;
    }

    private static int[] AllOf(PixelSet pixels) => [.. Enumerable.Range(0, pixels.Labels.Count)];

    private IReadOnlyList<float> WeighClasses(IReadOnlyList<string> classes, PixelRows train)
    {
        if (!Options.BalancedClasses)
            return ClassWeights(classes);

        var counts = train.Rows.Select(row => train.Set.Labels[row]).Where(label => label >= 0).CountBy(label => label).ToDictionary();
        var all = (double)counts.Values.Sum();
        return [.. classes.Select((_, label) => counts.TryGetValue(label, out var count) ? (float)(all / (counts.Count * count)) : 1)];
    }

    private IReadOnlyList<float> ClassWeights(IReadOnlyList<string> classes)
    {
        var weights = new Dictionary<string, double>();
        foreach (var (name, weight) in Options.ClassWeights ?? new Dictionary<string, double>())
        {
            if (!weights.TryAdd(CanonicalForms.Compose(name), weight))
                throw new AlexNetException($"ClassWeights names '{name}' twice.");
        }

        return weights.Keys.FirstOrDefault(name => !classes.Contains(name)) is { } unknown
            ? throw new AlexNetException(
                $"ClassWeights names '{unknown}', which is no class here. Known: {string.Join(", ", classes)}.")
            : [.. classes.Select(name => (float)weights.GetValueOrDefault(name, 1))];
    }
}
