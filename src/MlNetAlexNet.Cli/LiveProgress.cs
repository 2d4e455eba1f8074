using System.Globalization;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;
using Spectre.Console;

namespace MlNetAlexNet.Cli;

/// <summary>
/// A training or a quantization on a terminal: a bar with step, loss, images/s and time left below the lines of the epochs.
/// </summary>
internal static class LiveProgress
{
    /// <summary>Shows the progress of the work; nothing without a terminal.</summary>
    public static T Follow<T>(IAnsiConsole? console, Func<IProgress<TrainingProgress>?, T> work) => console is null
        ? work(null)
        : console.Progress()
        .AutoClear(true)
        .Columns(
            new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context =>
        {
            var bar = context.AddTask("Looking at the pictures", maxValue: 1);
            var (epochs, steps) = (1, 1);
            return work(new TrainingProgressHandler(progress =>
            {
                if (TrainReport.Line(progress) is { } line)
                    console.WriteLine(line);

                switch (progress)
                {
                    case PicturesFound:
                        bar.Description = "Reading the pictures";
                        break;
                    case TrainingStarted started:
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
                    case ModelSaved:
                        (bar.Value, bar.MaxValue, bar.Description) = (0, 1, "Testing through the model zip");
                        break;
                    case Quantizing quantizing:
                        (bar.MaxValue, bar.Value) = (quantizing.Total, quantizing.Done);
                        bar.Description = "Quantizing";
                        break;
                    case PictureScored scored:
                        (bar.MaxValue, bar.Value) = (scored.Total, scored.Done);
                        break;
                    default:
                        break;
                }
            }));
        });

    private static string Left(TimeSpan time) => string.Create(CultureInfo.InvariantCulture,
        $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
}
