using System.Globalization;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli;

/// <summary>A training run in plain lines: one an epoch, and the result.</summary>
internal static class TrainReport
{
    private const int MostNames = 20;

    private const string Advice =
        "Try more --epochs, another --learning-rate (a tenth, or three times as high), --class-weight for small classes, or "
        + "--initial-weights of a trained model.";

    /// <summary>Shows the progress of the work: live on a terminal, a line an epoch elsewhere, none if quiet.</summary>
    public static RunResult Follow(Terminal terminal, bool quiet, Func<IProgress<TrainingProgress>?, RunResult> work)
    {
        if (quiet)
        {
            return work(new ProgressHandler<TrainingProgress>(step =>
            {
                if (step is CheckpointDamaged or WritingFailed or ReadingFailed)
                    terminal.Error.WriteLine(FormatLine(step));
            }));
        }

        return terminal.Live is { } console
            ? LiveProgress.Follow(console, work)
            : work(new ProgressHandler<TrainingProgress>(step =>
            {
                if (FormatLine(step) is { } line)
                    terminal.Out.WriteLine(line);
            }));
    }

    /// <summary>The lasting line of a progress report; null for those that only move a bar.</summary>
    public static string? FormatLine(TrainingProgress progress) => progress switch
    {
        RecipeTaken taken => taken.FormatLine(),
        PicturesFound found => Invariant(
            $"Pictures   {Parts(found)}{Empty(found)}{OtherFiles(found)}{LeftOut(found)}{Transparent(found)}"),
        PicturesDoubtful doubtful => string.Join('\n',
        [
            .. InspectionText.Format("Warning", doubtful.Findings, examples: 1),
            Paragraph.Format("", ["'alexnet inspect' lists all of them, and writes a list to train without them, for --only."]),
        ]),
        QuantizationUnlikely unlikely => Paragraph.Format(
            "Warning", [unlikely.Reason, "The training goes on; 'alexnet quantize' quantizes its model zip with a --maximum-loss of your own."]),
        InitialWeightsRead read => $"Weights    {read.Path}" +
            (read.NewLastLayer is { } layer ? $"; {layer} is a new one for the classes of the pictures" : "") +
            Units("kept", read.KeptClasses) + Units("new", read.AddedClasses) + Units("gone", read.DroppedClasses) +
            (read.IsReordered ? "; its outputs in the order of the pictures' classes" : "") +
            (read.Assumed.Count > 0
                ? "\n" + Paragraph.Format("Assumed", [.. read.Assumed, "--image-size, --resize-mode and a model zip of 'alexnet import' can say otherwise."])
                : "") + Ignored(read.Ignored),
        StackRead read => $"Stack      {read.Path}" +
            (read.Assumed.Count > 0 ? "\n" + Paragraph.Format("Assumed", read.Assumed) : "") + Ignored(read.Ignored),
        LibTorchLoaded loaded => $"LibTorch   {loaded.Version ?? "of an unknown version"} in {loaded.Path}" +
            (loaded.Warning is { } warning ? $"\nWarning    {warning}" : ""),
        TrainingResumed resumed => Invariant(
            $"Resumed    {resumed.Path}: epoch {resumed.Epoch}, {resumed.Step} steps done"),
        ChangesAccepted changes => Paragraph.Format("Changed", changes.Differences),
        CheckpointDamaged damaged => $"Warning    The checkpoint {damaged.Path} is damaged and not used: {damaged.Reason}",
        WritingFailed failed => $"Warning    {failed.What} could not be written: {failed.Reason}",
        ReadingFailed failed => $"Warning    {failed.What} cannot be read any more: {failed.Reason}",
        TeacherReady teacher => Invariant(
            $"Teacher    {teacher.Model}: {teacher.Features} features of {teacher.Views} views a picture in {teacher.Seconds:0} s")
            + (teacher.Accuracy is { } accuracy ? Invariant($"; right for {accuracy:0.0%} of the pictures it has not learnt from") : "")
            + (teacher.IsNormalizationAssumed
                ? "\n" + Paragraph.Format("Assumed", ["the teacher's pictures have ImageNet's mean and deviation; --teacher-mean and --teacher-std say otherwise."])
                : ""),
        TrainingStarted started => Invariant(
            $"Input      {started.Input}\nTraining   {started.Device}, {started.Precision}: {started.PrecisionReason}; {started.Repeatability}\n") + TrainingText.Describe(started),
        EpochCompleted epoch => Invariant(
            $"Epoch {epoch.Epoch,3}  train loss {epoch.TrainLoss:0.0000}") +
            (epoch.TrainAccuracy is { } accuracy ? Invariant($" accuracy {accuracy:0.0%}") : "") +
            Validation(epoch) +
            Invariant($", learning rate {epoch.LearningRate:0.00000}") +
            Invariant($", {epoch.ImagesPerSecond:0.0} images/s, {epoch.Seconds:0} s") +
            (epoch.IsBest ? ", best" : ""),
        _ => null,
    };

    /// <summary>What the run has left.</summary>
    public static void WriteResult(Terminal terminal, RunResult result)
    {
        if (result.IsCancelled)
            terminal.Error.WriteLine(Interruption(result));

        if (result.Metrics is { } metrics)
        {
            terminal.Out.WriteLine("Test       " + MetricsText.FormatTotals(metrics));
            if (MetricsText.FormatOneClass(metrics, Advice) is { } warning)
                terminal.Out.WriteLine(Paragraph.Format("Warning", [warning]));
        }

        if (result.HasModel)
            terminal.Out.WriteLine($"Model      {result.Model}");
        if (result.HasReport)
            terminal.Out.WriteLine($"Report     {result.Folder.Report}");

        if (result.Quantized is { } quantized)
            QuantizeCommand.Write(terminal, quantized);
    }

    private static string Interruption(RunResult result)
    {
        var kept = !result.HasModel ? "Interrupted before anything was learnt; there is no new model."
            : result.History.LastOrDefault(epoch => epoch.IsBest) is { } best
                ? Invariant($"Interrupted; the best weights so far, of epoch {best.Epoch}, are kept.")
                : "Interrupted within the first epoch; the weights so far are kept.";
        var path = result.Folder.Path;
        return result.Folder.HasCheckpoint
            ? $"{kept} To go on: alexnet train --resume {(path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path)}"
            : kept;
    }

    private static string Validation(EpochCompleted epoch) => epoch.ValidationLoss is { } loss
        ? Invariant($", validation loss {loss:0.0000} accuracy {epoch.ValidationAccuracy:0.0%}")
        : "";

    private static string Units(string what, IReadOnlyList<string> classes) => classes.Count switch
    {
        0 => "",
        <= MostNames => $"; {what}: {string.Join(", ", classes)}",
        var count => Invariant($"; {what}: {string.Join(", ", classes.Take(MostNames))} and {count - MostNames} more"),
    };

    // What of a file nobody would miss in the figures, but in the training.
    private static string Ignored(IReadOnlyList<string> settings) =>
        settings.Count == 0 ? "" : "\n" + Paragraph.Format("Ignored", [string.Join("; ", settings)]);

    private static string Parts(PicturesFound found) => found.Classes.Count == 0
        ? Invariant($"{found.Unlabelled}, no labels")
        : Invariant($"{found.Train} train, {found.Validation} validation, {found.Test} test in {found.Classes.Count} classes") +
            (found.Unlabelled > 0 ? Invariant($"; {found.Unlabelled} more without a label to train on") : "");

    private static string Empty(PicturesFound found) =>
        found.EmptyClasses.Count == 0 ? "" : $"\nNote       no pictures: {string.Join(", ", found.EmptyClasses)}";

    private static string OtherFiles(PicturesFound found) =>
        found.OtherFiles.Count == 0 ? "" : $"\nLeft out   {found.OtherFiles}: no pictures by their names";

    private static string Transparent(PicturesFound found) =>
        MetricsText.FormatTransparent(found.Transparent, found.Train + found.Validation + found.Test + found.Unlabelled) is { } line
            ? $"\nNote       {line}"
            : "";

    private static string LeftOut(PicturesFound found) => found.LeftOut.Count == 0
        ? ""
        : Invariant($"\nLeft out   {found.LeftOut.Count} that cannot be decoded:") +
            string.Concat(found.LeftOut.Select(path => "\n  " + path));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
