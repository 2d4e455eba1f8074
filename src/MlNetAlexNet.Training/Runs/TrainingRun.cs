using Microsoft.ML;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Training.Runs;

/// <summary>One training run: pictures, split, training, model zip, test through the zip, run folder.</summary>
public static class TrainingRun
{
    /// <summary>Trains on a folder of pictures and writes the run folder.</summary>
    /// <param name="options">The run.</param>
    /// <param name="progress">
    /// Receives, in order, <see cref="PicturesFound"/>, <see cref="InitialWeightsRead"/> where there are such,
    /// <see cref="TrainingStarted"/>, steps and epochs, <see cref="ModelSaved"/>, <see cref="ModelTesting"/> and
    /// <see cref="ModelQuantizing"/>, each on the thread that does the work.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the training; the best weights so far are saved and tested all the same. Cancelled before or after the
    /// training, it ends what is under way.
    /// </param>
    /// <exception cref="AlexNetException">
    /// The pictures, the options or the output folder cannot be used, or the training diverged in its first epoch.
    /// </exception>
    public static RunResult Execute(
        RunOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        TrainingOptionsCheck.Check(options.Training, hasValidation: true);
        foreach (var file in (string?[])[options.InitialWeights, options.Stack])
        {
            if (file is not null && !Path.Exists(file)) // known before the pictures are decoded
                throw new AlexNetException($"The model '{file}' does not exist.");
        }

        var folder = new RunFolder(options.Output);
        folder.RequireUsable(options.Overwrite);
        try
        {
            return Execute(options, folder, progress, cancellationToken);
        }
        finally
        {
            folder.DeleteIfEmpty();
        }
    }

    private static RunResult Execute(
        RunOptions options, RunFolder folder, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        using var pictures = RunPictures.Open(options, cancellationToken);
        var (_, classes, train, validation, test) = pictures.Folder;
        progress?.Report(new PicturesFound(classes, train.Count, validation.Count, test.Count, pictures.LeftOut));

        var history = new List<EpochCompleted>();
        var replacesRun = folder.HasRun;
        var training = Start(options, classes, progress) with
        {
            LabelColumnName = "Label",
            PixelsColumnName = "Pixels",

            // Where there are no validation pictures, the trainer is not to split the training pictures once more.
            ValidationFraction = 0,
            CancellationToken = cancellationToken,
            Progress = new ProgressHandler<TrainingProgress>(step =>
            {
                if (step is EpochCompleted epoch)
                {
                    history.Add(epoch);
                    if (!replacesRun)
                        Record();
                }

                progress?.Report(step);
            }),
        };
        var quantization = new QuantizationOptions
        {
            Model = folder.Model, Output = folder.QuantizedModel, Seed = training.Seed,
        };
        if (options.Quantize)
            QuantizationGate.Check(quantization, pictures.Folder);

        folder.RequireSpace(sizeof(float) * training.Model.Network(classes.Count, training.Dropout).Plan().Parameters);

        TrainingResult trained;
        try
        {
            trained = new MLContext(training.Seed).MulticlassClassification.Trainers.AlexNet(training)
                .Train(classes, pictures.Train, pictures.Validation);
        }
        catch (OperationCanceledException)
        {
            return new RunResult(folder, history, Cancelled: true, HasModel: false, Metrics: null);
        }

        var cancelled = cancellationToken.IsCancellationRequested;
        ModelFile.Write(trained.Model, folder.Model);
        folder.ClearAllButModel();
        Record();
        progress?.Report(new ModelSaved(folder.Model));

        // Once cancelled the training has ended well; what follows is not to be cancelled by the same signal.
        var after = cancelled ? CancellationToken.None : cancellationToken;
        var result = new RunResult(folder, history, cancelled, HasModel: true, Metrics: null, Fault: FaultOf(trained));
        try
        {
            if (test.Count > 0)
                result = result with { Metrics = Test(folder, test, progress, after) };

            if (!options.Quantize || result.Fault is not null)
                return result;

            return result with
            {
                Quantized = QuantizationGate.Quantize(
                    quantization,
                    pictures.Folder,
                    new ProgressHandler<QuantizationProgress>(at => progress?.Report(new ModelQuantizing(at))),
                    after),
            };
        }
        catch (OperationCanceledException)
        {
            return result with { Cancelled = true };
        }
        catch (AlexNetException fault)
        {
            return result with { Fault = fault.Message };
        }

        void Record()
        {
            OptionsFile.Write(options, folder.Options);
            HistoryFile.Write(history, folder.History);
        }
    }

    private static string? FaultOf(TrainingResult trained) => trained.Divergence is { } divergence
        ? FormattableString.Invariant($"{divergence} The best weights so far, of epoch {trained.BestEpoch}, are kept.")
        : null;

    private static Metrics Test(
        RunFolder folder, IReadOnlyList<LabeledImage> pictures, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        using var classifier = ImageClassifier.Load(folder.Model);
        var evaluation = ModelEvaluation.Evaluate(
            classifier,
            pictures,
            skipBadImages: false,
            new ProgressHandler<EvaluationProgress>(at => progress?.Report(new ModelTesting(at))),
            cancel);
        MetricsFile.Write(evaluation.Metrics, folder);
        return evaluation.Metrics;
    }

    private static TrainingOptions Start(
        RunOptions options, IReadOnlyList<string> classes, IProgress<TrainingProgress>? progress)
    {
        var training = options.Stack is { } file
            ? options.Training with { Network = (_, _) => KerasConfig.ReadFile(file) }
            : options.Training;
        if (options.InitialWeights is not { } weights)
            return training;

        var content = Read(weights, training);
        var model = content.HoldsClasses || content.Model.Classes.Count != classes.Count
            ? content.Model
            : new TrainedModel(content.Model.Plan, content.Model.Weights, content.Model.Preprocessing, classes);
        var start = WarmStart.From(training, model, classes);
        progress?.Report(new InitialWeightsRead(
            weights,
            model.Classes.SequenceEqual(classes) ? null : WarmStart.LastLayer(model),
            content.Assumed));
        return start;
    }

    // Weights alone are taken for those of the stack to train.
    private static ModelFileContent Read(string file, TrainingOptions training)
    {
        var options = new ModelFileOptions { IsForTraining = true };
        try
        {
            return ModelFile.Read(file, options);
        }
        catch (AlexNetException) when (!ModelFile.HoldsStack(file))
        {
            var stack = training.Model with { Dropout = training.Dropout };
            return ModelFile.Read(file, options with { Preset = stack });
        }
    }
}
