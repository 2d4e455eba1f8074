using System.Runtime.ExceptionServices;
using Microsoft.ML;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Reports;
using MlNetAlexNet.Reports.Records;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Training.Teachers;
using MlNetAlexNet.Training.Trainers;

namespace MlNetAlexNet.Training.Runs;

/// <summary>One training run: pictures, split, training, model zip, test through the zip, run folder.</summary>
public static class TrainingRun
{
    /// <summary>Trains, or pretrains, on a folder of pictures and writes the run folder.</summary>
    /// <param name="options">The run.</param>
    /// <param name="observation">
    /// How it is observed. Its progress receives, in order, <see cref="PicturesReading"/>, <see cref="PicturesFound"/>, <see cref="PicturesDoubtful"/> if they are,
    /// <see cref="QuantizationUnlikely"/> where too few are for validation,
    /// <see cref="InitialWeightsRead"/> where there are such, <see cref="TeacherLooking"/>, <see cref="TeacherLearning"/> and <see cref="TeacherReady"/> with a
    /// teacher, <see cref="TrainingStarted"/>, steps, <see cref="PicturesValidating"/> and epochs,
    /// <see cref="ModelSaved"/>, <see cref="ModelTesting"/> and <see cref="ModelQuantizing"/>. Its token ends the
    /// training; the best weights so far are saved and tested all the same. Cancelled before or after the training, it
    /// ends what is under way. Default: not observed.
    /// </param>
    /// <exception cref="AlexNetException">
    /// The pictures, the options or the output folder cannot be used, or the training diverged in its first epoch.
    /// </exception>
    public static RunResult Execute(RunOptions options, TrainingObservation? observation = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        observation ??= new TrainingObservation();
        OptionFaults.RequireNone([.. options.ListFaults(), .. observation.ListFaults()]);
        using var claim = options.NumberOutput
            ? RunClaim.TakeNumbered(options.Output)
            : RunClaim.Take(options.Output, options.Overwrite || options.Resume);
        options = options with { Output = claim.Folder.Path, NumberOutput = false };
        return options.Pretrain ? Pretrain(options, claim.Folder, observation) : Train(options, claim.Folder, observation);
    }

    private static RunResult Train(RunOptions options, RunFolder folder, TrainingObservation observation)
    {
        var found = options.OpenData(observation.CancellationToken);
        RequireEnough(options, found);
        if (options.Unlabelled is not { } unlabelled)
            return Execute(options, folder, observation, found, unlabelled: [], features: null);

        var more = ImageFolder.ListPictures(unlabelled, out var others);
        return Execute(options, folder, observation, found with { OtherFiles = found.OtherFiles.Add(others) }, more, features: null);
    }

    private static RunResult Pretrain(RunOptions options, RunFolder folder, TrainingObservation observation)
    {
        var pictures = ImageFolder.ListPictures(options.Data, out var others);
        using var teacher = new TeacherNetwork(options.Training.Teacher!);
        return Execute(options, folder, observation, new ImageFolder(options.Data, [], [], [], []) { OtherFiles = others }, pictures, teacher);
    }

    private static RunResult Execute(
        RunOptions options,
        RunFolder folder,
        TrainingObservation observation,
        ImageFolder found,
        IReadOnlyList<string> unlabelled,
        TeacherNetwork? features)
    {
        var (progress, cancellationToken) = (observation.Progress, observation.CancellationToken);
        var (started, from) = (observation.Clock.GetUtcNow(), observation.Clock.GetTimestamp());
        var (history, said) = (new List<EpochCompleted>(), new HashSet<string>());
        var checkpoints = new RunCheckpoints(options, folder, observation);
        var recording = new ProgressHandler<TrainingProgress>(step =>
        {
            if (step is TrainingResumed resumed)
                history.AddRange(resumed.History);

            if (step is EpochCompleted epoch)
            {
                history.Add(epoch);
                if (!checkpoints.ReplacesRun)
                    Record();
            }

            progress?.Report(step);
        });
        var start = RunStart.Read(options, features?.Width);

        // What is written down is what is used.
        options = options with
        {
            Training = options.Training with
            {
                LayerDecays = options.Training.LayerDecays ?? (start.Settings.KernelDecays is { Count: > 0 } decays ? decays : null),
            },
        };
        var trainer = new MLContext(options.Training.Seed).MulticlassClassification.Trainers.AlexNet(
            options.Training, start.Start, observation: observation with { Progress = recording });
        var outputs = features?.NameFeatures() ?? found.Classes;
        var untrained = trainer.Resolve(outputs, options.ImageSize, options.ResizeMode);
        RequireRenamedTo(outputs, options.Start);
        var isNormalized = untrained.Model.Plan.Any(planned => planned.Layer is BatchNormalization);
        folder.RequireSpace(sizeof(float) * untrained.Model.Plan.Parameters, copies: isNormalized ? 2 : 1);

        using var pictures = RunPictures.Open(
            found, unlabelled, untrained.Model.Preprocessing.Form, options, observation);
        var (_, classes, train, validation, test) = pictures.Folder;
        progress?.Report(new PicturesFound(classes, train.Count, validation.Count, test.Count, [.. pictures.LeftOut.Select(picture => picture.Path)])
        {
            Unlabelled = pictures.Unlabelled,
            Transparent = pictures.Transparent,
            OtherFiles = pictures.Folder.OtherFiles,
            EmptyClasses = pictures.Folder.EmptyClasses,
        });
        if (pictures.Doubts.Count > 0)
            progress?.Report(new PicturesDoubtful(pictures.Doubts));
        if (features is null)
            RequireEnough(options, pictures.Folder);
        if (options.Quantize && QuantizationVerdict.FindTooFew(options.Quantization, validation.Count) is { } tooFew)
            progress?.Report(new QuantizationUnlikely(tooFew.Message));
        if (options.Start.InitialWeights is { } weights)
        {
            progress?.Report(new InitialWeightsRead(weights, untrained.Classes.NewLastLayer, start.Assumed)
            {
                Ignored = start.Settings.Ignored,
                KeptClasses = untrained.Classes.IsReordered ? [] : untrained.Classes.Kept,
                IsReordered = untrained.Classes.IsReordered,
                AddedClasses = untrained.Classes.NewLastLayer is null ? untrained.Classes.Added : [],
                DroppedClasses = untrained.Classes.NewLastLayer is null ? untrained.Classes.Dropped : [],
            });
        }
        else if (options.Start.Stack is { } stack)
        {
            progress?.Report(new StackRead(stack, start.Assumed) { Ignored = start.Settings.Ignored });
        }

        using var writer = checkpoints.Open(untrained, pictures, trainer.DescribeEngine());
        TrainingResult trained;
        try
        {
            trained = trainer.Train(untrained, pictures.Train, pictures.Validation, features, writer);
        }
        catch (OperationCanceledException)
        {
            return new RunResult(folder, history, IsCancelled: true, HasModel: false, Metrics: null);
        }

        var cancelled = cancellationToken.IsCancellationRequested;
        var model = trained.Model with
        {
            TrainedOn = trained.Model.TrainedOn.Union(pictures.TrainedOn),
            ChosenBy = trained.Model.ChosenBy.Union(pictures.ChosenBy),
        };
        var (place, elsewhere) = Save(model, folder.Model);
        Warned("What an earlier run left", folder.ClearAllButModel);
        Record();
        progress?.Report(new ModelSaved(place));

        // Once cancelled the training has ended well; what follows is not to be cancelled by the same signal.
        var after = cancelled ? CancellationToken.None : cancellationToken;
        var result = new RunResult(folder, history, cancelled, HasModel: true, Metrics: null, Fault: FaultOf(trained) ?? elsewhere)
        {
            Model = place,
        };
        try
        {
            if (isNormalized)
                Warned("The network with its normalization", () => OnnxFile.WriteUnfolded(model, folder.UnfoldedModel));

            var provenance = RunProvenance.Describe(options, trained);
            Warned("The description of the run", () => DescriptionFile.Write(
                started, observation.Clock.GetElapsedTime(from), provenance, trained with { Model = model }, pictures, folder, after));
            try
            {
                if (test.Count > 0)
                {
                    var evaluation = Test(options, place, test, progress, after);
                    result = result with { Metrics = evaluation.Metrics };
                    Warned("The metrics", () => MetricsFile.Write(evaluation, provenance, folder));
                    Warned("The predictions", () => PredictionsFile.Write(evaluation.Pictures, folder.Predictions));
                }
            }
            finally
            {
                if (!after.IsCancellationRequested)
                {
                    Warned("The report", () =>
                    {
                        RunReport.Write(folder.Path, after);
                        result = result with { HasReport = true };
                    });
                }
            }

            if (options.Quantize && result.Fault is null)
            {
                result = result with
                {
                    Quantized = QuantizationGate.Quantize(
                        options.Quantization,
                        pictures.Folder,
                        new ProgressHandler<QuantizationProgress>(at => progress?.Report(new ModelQuantizing(at))),
                        after),
                };
            }

            if (!cancelled && trained.Fault is null)
                checkpoints.DeleteAll(); // there is nothing to go on with

            // A defect of this library keeps its trace; the weights are safe.
            if (trained.Fault is { } defect and not AlexNetException)
                ExceptionDispatchInfo.Throw(defect);
            return result;
        }
        catch (OperationCanceledException)
        {
            return result with { IsCancelled = true };
        }
        catch (AlexNetException fault)
        {
            return result with { Fault = result.Fault ?? fault };
        }

        void Record() => Warned("The history", () =>
        {
            OptionsFile.Write(options, folder.Options);
            HistoryFile.Write(history, folder.History);
        });

        // What is beside the weights is not worth them. Each is said once.
        void Warned(string what, Action write)
        {
            try
            {
                write();
            }
            catch (AlexNetException fault)
            {
                if (said.Add(what))
                    progress?.Report(new WritingFailed(what, fault.Message));
            }
        }
    }

    // Hours of training are not lost for a drive that has become full: the model is written elsewhere then, and that is said.
    private static (string Place, AlexNetException? Fault) Save(TrainedModel model, string path)
    {
        try
        {
            ModelFile.Write(model, path);
            return (path, null);
        }
        catch (AlexNetException fault)
        {
            var other = Path.Combine(Path.GetTempPath(), $"alexnet-{Path.GetFileNameWithoutExtension(Path.GetRandomFileName())}.zip");
            ModelFile.Write(model, other);
            return (other, new AlexNetException($"{fault.Message} The trained model is in '{other}' instead.", fault));
        }
    }

    // A class called as none of the pictures would be dropped, and its like learnt anew.
    private static void RequireRenamedTo(IReadOnlyList<string> classes, StartOptions start)
    {
        if (start.RenamedClasses?.FirstOrDefault(rename => !classes.Contains(CanonicalForms.Compose(rename.Value))) is { Key: { } old, Value: var name })
        {
            throw new AlexNetException(
                $"RenamedClasses calls '{old}' '{name}', and no pictures are of that class. Known: {string.Join(", ", classes)}.")
            {
                Option = nameof(StartOptions.RenamedClasses),
            };
        }
    }

    // What the options ask of the pictures; some of those found may be left out yet, since they cannot be decoded.
    private static void RequireEnough(RunOptions options, ImageFolder pictures)
    {
        options.Training.RequireValidation(pictures.Validation.Count > 0);
        options.Training.RequireCountableSteps(pictures.Train.Count);
        if (options.Quantize)
            QuantizationGate.Check(options.Quantization, pictures);
    }

    private static AlexNetException? FaultOf(TrainingResult trained) => trained.Fault is AlexNetException fault
        ? new(FormattableString.Invariant($"{fault.Message} The best weights so far, of epoch {trained.BestEpoch}, are kept."), fault)
        {
            Option = fault.Option,
        }
        : null;

    private static EvaluationResult Test(
        RunOptions options,
        string model,
        IReadOnlyList<LabeledImage> pictures,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancel)
    {
        using var classifier = ImageClassifier.Load(model, new ScoringOptions { MaximumPixels = options.MaximumPixels });
        return ModelEvaluation.Evaluate(
            classifier,
            pictures,
            skipBadImages: false,
            new ProgressHandler<EvaluationProgress>(at => progress?.Report(new ModelTesting(at))),
            cancel);
    }
}
