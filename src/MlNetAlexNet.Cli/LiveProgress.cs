using System.Globalization;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Explanation;
using MlNetAlexNet.Inspection;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;
using Spectre.Console;

namespace MlNetAlexNet.Cli;

/// <summary>
/// A training or a quantization on a terminal: a bar with step, loss, images/s and time left below the lines of the epochs.
/// </summary>
internal static class LiveProgress
{
    /// <summary>Shows the progress of a training run.</summary>
    public static T Follow<T>(IAnsiConsole console, Func<IProgress<TrainingProgress>, T> work) => WithBar(console, (context, bar) =>
    {
        var (epochs, steps) = (1, 1);
        return work(new ProgressHandler<TrainingProgress>(progress =>
        {
            if (TrainReport.FormatLine(progress) is { } line)
                console.WriteLine(line);

            switch (progress)
            {
                case PicturesFound:
                    bar.Description = "Reading the pictures";
                    break;
                case TeacherLooking looking:
                    (bar.MaxValue, bar.Value, bar.Description) =
                        (looking.All, looking.Done, "The teacher looks at the pictures");
                    break;
                case TrainingStarted started:
                    bar.Value = 0;
                    (epochs, steps) = (started.Epochs, started.StepsPerEpoch);
                    bar.MaxValue = (double)epochs * steps;
                    break;
                case StepCompleted step:
                    bar.Value = ((step.Epoch - 1.0) * steps) + step.Step;
                    bar.Description = string.Create(CultureInfo.InvariantCulture,
                        $"epoch {step.Epoch}/{epochs} step {step.Step}/{steps} loss {step.Loss:0.0000} " +
                        $"{step.ImagesPerSecond:0.0} images/s, {Left(step.Remaining)} left");
                    break;
                case EpochCompleted:
                    context.Refresh(); // an epoch shorter than the display's interval is seen, too
                    break;
                case ModelTesting testing:
                    Show(bar, testing.Progress);
                    break;
                case ModelQuantizing quantizing:
                    Show(bar, quantizing.Progress);
                    break;
                default:
                    break;
            }
        }));
    });

    /// <summary>Shows the progress of a quantization; nothing without a terminal.</summary>
    public static T Follow<T>(IAnsiConsole? console, Func<IProgress<QuantizationProgress>?, T> work) => console is null
        ? work(null)
        : WithBar(console, (_, bar) => work(new ProgressHandler<QuantizationProgress>(progress => Show(bar, progress))));

    /// <summary>Shows the progress of an inspection; nothing without a terminal.</summary>
    public static T Follow<T>(IAnsiConsole? console, Func<IProgress<InspectionProgress>?, T> work) => console is null
        ? work(null)
        : WithBar(console, (_, bar) => work(new ProgressHandler<InspectionProgress>(progress =>
            (bar.MaxValue, bar.Value, bar.Description) = (progress.Total, progress.Done, "Inspecting the pictures"))));

    /// <summary>Shows the progress of an explanation; nothing without a terminal.</summary>
    public static T Follow<T>(IAnsiConsole? console, Func<IProgress<ExplanationProgress>?, T> work) => console is null
        ? work(null)
        : WithBar(console, (_, bar) => work(new ProgressHandler<ExplanationProgress>(progress =>
            (bar.MaxValue, bar.Value, bar.Description) = (progress.Total, progress.Done, "Explaining the picture"))));

    private static T WithBar<T>(IAnsiConsole console, Func<ProgressContext, ProgressTask, T> work) => console.Progress()
        .AutoClear(true)
        .Columns(
            new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context => work(context, context.AddTask("Looking at the pictures", maxValue: 1)));

    private static void Show(ProgressTask bar, EvaluationProgress progress) =>
        (bar.MaxValue, bar.Value, bar.Description) = (progress.Total, progress.Done, "Testing through the model zip");

    private static void Show(ProgressTask bar, QuantizationProgress progress) =>
        (bar.MaxValue, bar.Value, bar.Description) = (progress.Total, progress.Done, progress.Stage switch
        {
            QuantizationStage.ScoringFloat32 => "Quantizing: scoring with the float32 zip",
            QuantizationStage.Calibrating => "Quantizing: calibrating",
            QuantizationStage.Correcting => "Quantizing: correcting the biases",
            QuantizationStage.ScoringInt8 => "Quantizing: scoring with the int8 zip",
            var stage => throw new NotSupportedException($"No words for {stage}."),
        });

    private static string Left(TimeSpan time) => string.Create(CultureInfo.InvariantCulture,
        $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
}
