using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Quantization;
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
        var progress = observation.Progress;
        var (started, from) = (observation.Clock.GetUtcNow(), observation.Clock.GetTimestamp());
        var checkpoints = new RunCheckpoints(options, folder, observation);
        var start = RunStart.Read(options, features?.Width);

        // What is written down is what is used.
        options = options with
        {
            Training = options.Training with
            {
                LayerDecays = options.Training.LayerDecays ?? (start.Settings.KernelDecays is { Count: > 0 } decays ? decays : null),
            },
        };
        var records = new RunRecorder(options, folder, progress);
        var recording = new ProgressHandler<TrainingProgress>(step =>
        {
            records.Follow(step, isWritten: !checkpoints.ReplacesRun);
            progress?.Report(step);
        });
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
            return new RunResult(folder, records.History, IsCancelled: true, HasModel: false, Metrics: null);
        }

        return new RunFinish(options, folder, observation, pictures, records)
            .Finish(trained, started, () => observation.Clock.GetElapsedTime(from), checkpoints);
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
}
