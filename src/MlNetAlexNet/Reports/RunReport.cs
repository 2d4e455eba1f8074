using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Reports.Drawing;
using MlNetAlexNet.Reports.Records;
using MlNetAlexNet.Reports.Sections;
using static System.FormattableString;

namespace MlNetAlexNet.Reports;

/// <summary>
/// The report of a training run: <c>report.html</c> in its folder, one file that needs no network. It is made of the files of the run
/// alone, and of the test pictures where they still are.
/// </summary>
public static class RunReport
{
    /// <summary>Of pictures, as they stand in the page: a page stays below 10 MB with those of thousands of classes.</summary>
    internal const int PictureBytes = 6_000_000;

    /// <summary>Writes the report into the run folder, over an earlier one.</summary>
    /// <param name="folder">The run folder, such as <c>runs/flowers-1</c>.</param>
    /// <param name="cancellationToken">Ends it; nothing is written then.</param>
    /// <returns>The path of the report.</returns>
    /// <exception cref="AlexNetException">It is no run folder, one of its files is damaged, or the report cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static string Write(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var records = RunRecords.Read(folder);
        var path = Path.Combine(folder, RunRecords.ReportName);
        WholeFile.WriteText(path, Format(records, cancellationToken));
        return path;
    }

    internal static string Format(RunRecords records, CancellationToken cancel)
    {
        var grid = new PictureGrid(records, new Thumbnails(records.ResizeMode, PictureBytes, cancel));
        return new Page(
            records.Name,
            DrawHead(records),
            [
                new("curves", "Learning curves", CurvesSection.Draw(records)),
                new("mistakes", "Surest mistakes", MistakesSection.Draw(records, grid)),
                new("confusion", "Confusion matrix", ConfusionSection.Draw(records, grid)),
                new("classes", "Classes", ClassesSection.Draw(records.Metrics)),
                new("reliability", "Reliability", ReliabilitySection.Draw(records.Metrics)),
                new("kernels", "First layer", KernelsSection.Draw(records)),
                new("layers", "Layers", LayersSection.Draw(records.Description)),
                new("pictures", "Pictures", PicturesSection.Draw(records)),
                new("options", "Options", Table.Pairs(records.Options)),
                new("environment", "Environment", Table.Pairs(records.Environment)),
            ]).Format();
    }

    private static Markup DrawHead(RunRecords records)
    {
        var (metrics, run) = (records.Metrics, records.Description);
        return Markup.Write($"""
            {(run is null ? Markup.None : Markup.Write($"""<p class="soft">{run.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {Duration(run.Seconds)}</p>"""))}
            {(run?.Fault is { } fault ? Markup.Write($"<p><b>Ended early:</b> {fault}</p>") : run?.IsCancelled == true ? Markup.Write($"<p><b>Ended early</b> by its user.</p>") : Markup.None)}
            {(records.Pictures.Count == 0 ? Markup.Write($"<p>No test pictures are on record{(run is not null ? "" : records.HasModel ? ": the run is of an earlier version" : ": the run has not ended")}.</p>") : Markup.None)}
            <div class="tiles">{(metrics is null ? [] : ListFigures(metrics)).Concat(ListFacts(records)).Select(tile => Markup.Write($"""<div class="tile"><b>{tile.Value}</b><span>{tile.Name}</span></div>"""))}</div>
            """);
    }

    private static IEnumerable<(string Value, string Name)> ListFigures(Metrics metrics)
    {
        yield return (Invariant($"{metrics.Top1:0.0%}"), Invariant($"top-1 of the test, {metrics.Correct} of {metrics.Pictures}; 95%: {100 * metrics.Top1Interval.Low:0.0} to {100 * metrics.Top1Interval.High:0.0}"));
        if (metrics.Classes.Count > 5)
            yield return (Invariant($"{metrics.Top5:0.0%}"), Invariant($"top-5; 95%: {100 * metrics.Top5Interval.Low:0.0} to {100 * metrics.Top5Interval.High:0.0}"));
        yield return (Invariant($"{metrics.LogLoss:0.000}"), "log-loss, nats");
        yield return (Invariant($"{metrics.Calibration.ExpectedError:0.0%}"), "expected calibration error");
    }

    private static IEnumerable<(string Value, string Name)> ListFacts(RunRecords records)
    {
        if (records.History.LastOrDefault(epoch => epoch.IsBest) is { } best)
            yield return (Invariant($"{best.Epoch} of {records.History.Count}"), (records.HasModel ? "epoch kept" : "best epoch so far") + (best.ValidationAccuracy is { } accuracy ? Invariant($"; validation top-1 {accuracy:0.0%}") : ""));
        if (records.Description is not { } run)
            yield break;

        yield return (Invariant($"{run.Pictures.Classes.Sum(each => each.Train) + run.Pictures.Unlabelled:N0}"), Invariant($"pictures to train on, {run.Pictures.Classes.Count} classes"));
        yield return (Invariant($"{run.Layers.Sum(layer => layer.Parameters):N0}"), "parameters");
        if (records.Environment.FirstOrDefault(pair => pair.Name == "device").Value is { } device)
            yield return (device, "trained on");
    }

    private static string Duration(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Clamp(double.IsFinite(seconds) ? seconds : 0, 0, 1e9));
        return time.TotalHours >= 1 ? Invariant($"{(long)time.TotalHours} h {time.Minutes} min") : time.TotalMinutes >= 1 ? Invariant($"{time.Minutes} min {time.Seconds} s") : Invariant($"{time.TotalSeconds:0.0} s");
    }
}
