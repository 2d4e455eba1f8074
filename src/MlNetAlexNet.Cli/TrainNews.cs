using System.Globalization;
using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli;

/// <summary>What there is to say of each event of a training run, on whatever it is said.</summary>
internal sealed class TrainNews
{
    private const int MostNames = 20;

    private static readonly Work s_looking = new("looking for the pictures");
    private static readonly Work s_preparing = new("preparing the training");

    private readonly LossCurve _train = new();
    private readonly LossCurve _validation = new();
    private string[] _best = [];
    private TimeSpan? _left;
    private int _epochs = 1;
    private int _steps = 1;

    /// <summary>What is told before a run says anything.</summary>
    public static News Begin() => new("started") { Work = s_looking };

    /// <summary>All that is said of it.</summary>
    public News Tell(TrainingProgress progress) => progress switch
    {
        RecipeTaken taken => new("recipeTaken", new { taken.Recipe.Name, taken.TrainPictures }) { Text = [taken.Describe()] },
        PicturesReading reading => new("picturesReading", reading)
        {
            IsFrequent = reading.Done != reading.Total,
            Work = Count(reading.Stage switch
            {
                PictureStage.Checking => "checking the decoded pictures",
                PictureStage.Decoding => "decoding the pictures",
                PictureStage.Fingerprinting => "reading the pictures",
                var stage => throw new NotSupportedException($"No words for {stage}."),
            }, reading.Done, reading.Total),
        },
        PicturesFound found => new("picturesFound", new
        {
            found.Train, found.Validation, found.Test, found.Unlabelled, found.Classes, found.EmptyClasses, found.Transparent, found.LeftOut,
            OtherFiles = found.OtherFiles.Count,
        })
        {
            Text = Describe(found),
            Work = s_preparing,
        },
        PicturesDoubtful doubtful => new("picturesDoubtful", new { doubtful.Findings })
        {
            Text =
            [
                .. InspectionText.Describe("Warning", doubtful.Findings, examples: 1),
                new("", "'alexnet inspect' lists all of them, and writes a list to train without them, for --only."),
            ],
        },
        QuantizationUnlikely unlikely => new("quantizationUnlikely", unlikely)
        {
            Text = [new("Warning", unlikely.Reason, "The training goes on; 'alexnet quantize' quantizes its model zip with a --maximum-loss of your own.")],
        },
        InitialWeightsRead read => new("initialWeightsRead", read)
        {
            Text =
            [
                new("Weights", Describe(read)),
                .. read.Assumed.Count == 0 ? [] : (Paragraph[])[
                    new("Assumed", [.. Proses(read.Assumed), "--image-size, --resize-mode and a model zip of 'alexnet import' can say otherwise."])],
                .. DescribeIgnored(read.Ignored),
            ],
        },
        StackRead read => new("stackRead", read)
        {
            Text =
            [
                new("Stack", $"{read.Path}"),
                .. read.Assumed.Count == 0 ? [] : (Paragraph[])[new("Assumed", Proses(read.Assumed))],
                .. DescribeIgnored(read.Ignored),
            ],
        },
        LibTorchLoaded loaded => new("libTorchLoaded", loaded)
        {
            Text =
            [
                new("LibTorch", $"{loaded.Version ?? "of an unknown version"} in {loaded.Path}"),
                .. loaded.Warning is { } warning ? (Paragraph[])[new("Warning", warning)] : [],
            ],
        },
        TrainingResumed resumed => Resume(resumed),
        ChangesAccepted changes => new("changesAccepted", changes) { Text = [new("Changed", Proses(changes.Differences))] },
        CheckpointDamaged damaged => new("checkpointDamaged", damaged)
        {
            Kind = NewsKind.Warning,
            Text = [new("Warning", $"The checkpoint {damaged.Path} is damaged and not used: {damaged.Reason:prose}")],
        },
        WritingFailed failed => new("writingFailed", failed)
        {
            Kind = NewsKind.Warning, Text = [new("Warning", $"{failed.What:prose} could not be written: {failed.Reason:prose}")],
        },
        ReadingFailed failed => new("readingFailed", failed)
        {
            Kind = NewsKind.Warning, Text = [new("Warning", $"{failed.What:prose} cannot be read any more: {failed.Reason:prose}")],
        },
        TeacherLooking looking => new("teacherLooking", new { looking.Done, Total = looking.All })
        {
            IsFrequent = looking.Done != looking.All,
            Work = Count("the teacher looks at the pictures", looking.Done, looking.All),
        },
        TeacherLearning learning => new("teacherLearning", learning)
        {
            IsFrequent = learning.Done != learning.Total,
            Work = Count("the teacher learns the classes", learning.Done, learning.Total),
        },
        TeacherReady teacher => new("teacherReady", teacher)
        {
            Text =
            [
                new("Teacher", Describe(teacher)),
                .. !teacher.IsNormalizationAssumed ? [] : (Paragraph[])[new(
                    "Assumed", "the teacher's pictures have ImageNet's mean and deviation; --teacher-mean and --teacher-std say otherwise.")],
            ],
            Work = s_preparing,
        },
        TrainingStarted started => Start(started),
        StepCompleted step => Step(step),
        PicturesValidating validating => new("picturesValidating", validating)
        {
            IsFrequent = validating.Done != validating.Total,
            Work = new Work("validating", OfEpochs(validating.Epoch, 1), Bar.Count("validation", validating.Done, validating.Total)) with
            {
                Curves = Curves,
                Best = _best,
                Left = _left,
            },
        },
        EpochCompleted epoch => End(epoch),
        ModelSaved saved => new("modelSaved", saved) { Work = new("testing") },
        ModelTesting testing => WorkNews.Tell(testing.Progress, "testing through the model zip"),
        ModelQuantizing quantizing => WorkNews.Tell(quantizing.Progress),
        _ => throw new NotSupportedException($"No words for {progress.GetType().Name}."),
    };

    private IReadOnlyList<Curve> Curves => [new("train", _train.ToPoints()), new("validation", _validation.ToPoints())];

    private News Resume(TrainingResumed resumed)
    {
        foreach (var epoch in resumed.History)
            Keep(epoch);
        return new("trainingResumed", new { resumed.Path, resumed.Epoch, resumed.Step })
        {
            Text = [new("Resumed", $"{resumed.Path}: epoch {resumed.Epoch}, {resumed.Step} steps done")],
        };
    }

    private News Start(TrainingStarted started)
    {
        (_epochs, _steps) = (started.Epochs, started.StepsPerEpoch);
        return new("trainingStarted", new
        {
            started.Device, started.Precision, started.PrecisionReason, started.Repeatability, started.TrainPictures, started.ValidationPictures,
            started.StepsPerEpoch, started.Epochs, started.Input, Augmentation = TrainingText.ListAugmentations(started), started.Dropout,
            started.WeightDecay, started.LayerDecays,
        })
        {
            Text =
            [
                new("Input", started.Input),
                new("Training", $"{started.Device}, {started.Precision}: {started.PrecisionReason:prose}; {started.Repeatability:prose}"),
                .. TrainingText.Describe(started),
            ],
            Work = Training(1, 0),
        };
    }

    private News Step(StepCompleted step)
    {
        _train.Add(step.Loss);
        _left = step.Remaining;
        return new("stepCompleted", new
        {
            step.Epoch, step.Step, step.Loss, step.LearningRate, step.ImagesPerSecond, SecondsLeft = step.Remaining.TotalSeconds,
        })
        {
            IsFrequent = step.Step != _steps,
            Work = Training(step.Epoch, step.Step) with
            {
                Left = step.Remaining,
                Figures = [Invariant($"loss {step.Loss:0.0000}"), Invariant($"{step.ImagesPerSecond:0.0} images/s")],
            },
        };
    }

    private News End(EpochCompleted epoch)
    {
        Keep(epoch);
        return new("epochCompleted", epoch)
        {
            IsTimed = true,
            Text =
            [
                new(Invariant($"Epoch {epoch.Epoch,3}"), Wording.Join(
                [
                    Invariant($"train loss {epoch.TrainLoss:0.0000}") + Top1(epoch.TrainAccuracy),
                    .. epoch.ValidationLoss is { } loss
                        ? (string[])[Invariant($"validation loss {loss:0.0000}") + Top1(epoch.ValidationAccuracy)] : [],
                    Invariant($"learning rate {epoch.LearningRate:0.00000}"),
                    Invariant($"{epoch.ImagesPerSecond:0.0} images/s"),
                    Invariant($"{epoch.Seconds:0} s"),
                    .. epoch.IsBest ? (string[])["best"] : [],
                ])),
            ],
        };
    }

    private void Keep(EpochCompleted epoch)
    {
        if (epoch.ValidationLoss is { } loss)
            _validation.Add(loss);
        if (epoch.IsBest)
        {
            _best =
            [
                Invariant($"best so far: epoch {epoch.Epoch}"),
                .. epoch.ValidationLoss is { } least
                    ? (string[])[Invariant($"validation loss {least:0.0000}") + Top1(epoch.ValidationAccuracy)] : [],
            ];
        }
    }

    private Work Training(int epoch, int step) => new Work(
        "training", OfEpochs(epoch, (double)step / _steps), Bar.Count("step", step, _steps)) with
    { Curves = Curves, Best = _best };

    private Bar OfEpochs(int epoch, double share) =>
        Bar.Count("epoch", epoch, _epochs) with { Share = Math.Clamp((epoch - 1 + share) / _epochs, 0, 1) };

    private static Work Count(string what, long done, long? total) => new(what, Bar.Count(what, done, total));

    private static IReadOnlyList<Paragraph> Describe(PicturesFound found) =>
    [
        new("Pictures", found.Classes.Count == 0
            ? Invariant($"{found.Unlabelled}, no labels")
            : Invariant($"{found.Train} train, {found.Validation} validation, {found.Test} test in {found.Classes.Count} classes") +
                (found.Unlabelled > 0 ? Invariant($"; {found.Unlabelled} more without a label to train on") : "")),
        .. found.EmptyClasses.Count == 0 ? [] : (Paragraph[])[new("Note", ((Wording)$"no pictures:").And(found.EmptyClasses))],
        .. found.OtherFiles.Count == 0 ? [] : (Paragraph[])[new("Left out", $"{found.OtherFiles}: no pictures by their names")],
        .. found.LeftOut.Count == 0 ? [] : (Paragraph[])[new("Left out", $"{found.LeftOut.Count} that cannot be decoded:")],
        .. found.LeftOut.Select(path => Paragraph.OfPath(path)),
        .. MetricsText.FormatTransparent(found.Transparent, found.Train + found.Validation + found.Test + found.Unlabelled) is { } line
            ? (Paragraph[])[new("Note", line)] : [],
    ];

    private static Wording Describe(InitialWeightsRead read)
    {
        Wording text = read.NewLastLayer is { } layer ? (Wording)$"{read.Path}; {layer} is a new one for the classes of the pictures" : $"{read.Path}";
        foreach (var (what, classes) in ((string, IReadOnlyList<string>)[])[
            ("kept", read.KeptClasses), ("new", read.AddedClasses), ("gone", read.DroppedClasses)])
        {
            if (classes.Count > MostNames)
                text = text.Then($"; {what}:").And(classes.Take(MostNames)).Then($" and {classes.Count - MostNames} more");
            else if (classes.Count > 0)
                text = text.Then($"; {what}:").And(classes);
        }

        return read.IsReordered ? text.Then($"; its outputs in the order of the pictures' classes") : text;
    }

    private static Wording Describe(TeacherReady teacher)
    {
        Wording text = $"{teacher.Model}: {teacher.Features} features of {teacher.Views} views a picture in {teacher.Seconds:0} s";
        return teacher.Accuracy is { } accuracy
            ? text.Then($"; right for {accuracy:0.0%} of the pictures it has not learnt from")
            : text;
    }

    // What of a file nobody would miss in the figures, but in the training.
    private static IEnumerable<Paragraph> DescribeIgnored(IReadOnlyList<string> settings) =>
        settings.Count == 0 ? [] : [new("Ignored", string.Join("; ", settings))];

    private static Wording[] Proses(IReadOnlyList<string> sentences) => [.. sentences.Select(sentence => (Wording)sentence)];

    private static string Top1(double? accuracy) => accuracy is { } share ? Invariant($" top-1 {share:0.0%}") : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
