using MlNetAlexNet.Reports.Drawing;
using MlNetAlexNet.Reports.Records;

namespace MlNetAlexNet.Reports.Sections;

/// <summary>Learning curves of a run, or of several in colours of their own.</summary>
internal static class CurvesSection
{
    public static Markup Draw(params IReadOnlyList<RunRecords> runs)
    {
        return Markup.Write($"""
            <div class="charts">
            {Draw("Loss", "0.0000", ("train", false, epoch => epoch.TrainLoss), ("validation", true, epoch => epoch.ValidationLoss))}
            {Draw("Accuracy", "0.0%", ("train top-1", false, epoch => epoch.TrainAccuracy), ("validation top-1", true, epoch => epoch.ValidationAccuracy), ("validation top-5", true, epoch => epoch.ValidationTop5))}
            {Draw("Learning rate", "0.######", ("", false, epoch => epoch.LearningRate))}
            {Draw("Training, images/s", "0", ("", false, epoch => epoch.ImagesPerSecond))}
            </div>
            """);

        // Of one run each line has a colour, of several each run.
        Markup Draw(string title, string format, params (string Name, bool IsDashed, Func<EpochRecord, double?> Get)[] lines) => new LineChart(
            title,
            [
                .. runs.Index().SelectMany(run => lines.Index().Select(line => new ChartLine(
                    runs.Count == 1 ? line.Item.Name : $"{run.Item.Name} {line.Item.Name}".TrimEnd(),
                    runs.Count == 1 ? line.Index : run.Index,
                    line.Item.IsDashed,
                    [.. run.Item.History.Where(epoch => line.Item.Get(epoch) is not null).Select(epoch => ((double)epoch.Epoch, line.Item.Get(epoch)!.Value))]))),
            ],
            format,
            runs is [{ Description.BestEpoch: > 0 and var kept }] ? kept : null).Draw();
    }
}
