using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Reports.Drawing;
using MlNetAlexNet.Reports.Records;
using MlNetAlexNet.Reports.Sections;
using static System.FormattableString;

namespace MlNetAlexNet.Reports;

/// <summary>Two training runs side by side, from the files in their folders.</summary>
/// <param name="First">Of the test pictures of the first run; null where none are on record.</param>
/// <param name="Second">Of those of the second.</param>
/// <param name="Paired">On the pictures that both have tested, by their paths within the pictures' folder; null where there are none.</param>
public sealed record RunComparison(Metrics? First, Metrics? Second, PairedComparison? Paired)
{
    /// <summary>Whether the two runs took their pictures from two folders: pictures of one path within are taken to be the same.</summary>
    public bool AreOfOtherFolders { get; init; }

    /// <summary>Writes the page of a comparison: one file that needs no network.</summary>
    /// <param name="first">A run folder.</param>
    /// <param name="second">Another.</param>
    /// <param name="path">The page to write, over an earlier one.</param>
    /// <param name="cancellationToken">Ends it; nothing is written then.</param>
    /// <exception cref="AlexNetException">One is no run folder, a file of it is damaged, or the page cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static RunComparison Write(string first, string second, string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(first);
        ArgumentException.ThrowIfNullOrWhiteSpace(second);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var runs = new RunPair(RunRecords.Read(first), RunRecords.Read(second));
        WholeFile.WriteText(path, Format(runs, cancellationToken));
        return new RunComparison(runs.First.Metrics, runs.Second.Metrics, runs.Paired) { AreOfOtherFolders = runs.AreOfOtherFolders };
    }

    private static string Format(RunPair runs, CancellationToken cancel)
    {
        // Each shows what its network saw.
        var (first, second) = (DrawGrid(runs.First), DrawGrid(runs.Second));
        return new Page(
            $"{runs.FirstName} and {runs.SecondName}",
            DrawHead(runs),
            [
                new("figures", "Figures", DrawFigures(runs)),
                new("curves", "Learning curves", CurvesSection.Draw(runs.First with { Name = runs.FirstName }, runs.Second with { Name = runs.SecondName })),
                new("pictures", "Where they differ", DrawDifferences(runs, first, second)),
                new("classes", "Classes", DrawClasses(runs)),
                new("confusion", "Confusion matrix", runs.SideBySide((run, prefix) => ConfusionSection.Draw(run, run == runs.First ? first : second, prefix))),
                new("reliability", "Reliability", runs.SideBySide((run, _) => run.Metrics is { } metrics ? ReliabilityChart.Draw(metrics.Calibration) : Markup.None)),
                new("kernels", "First layer", runs.SideBySide((run, _) => KernelsSection.Draw(run))),
                new("layers", "Layers", runs.SideBySide((run, _) => LayersSection.Draw(run.Description))),
                new("options", "Options that differ", DrawPairs(runs, run => run.Options)),
                new("environment", "Environment where it differs", DrawPairs(runs, run => run.Environment)),
            ]).Format();

        PictureGrid DrawGrid(RunRecords run) => new(run, new Thumbnails(run.ResizeMode, RunReport.PictureBytes / 2, cancel));
    }

    private static Markup DrawHead(RunPair runs) => runs.Paired is not { } paired
        ? Markup.Write($"<p>They have tested no pictures in common.</p>")
        : Markup.Write($"""
            <p>Of {paired.Pictures} pictures that both have tested, <bdi>{runs.FirstName}</bdi> alone has {paired.OnlyFirstRight} right and <bdi>{runs.SecondName}</bdi> alone {paired.OnlySecondRight}.</p>
            <p class="soft">Two models as good as each other would differ so much or more with a chance of {paired.DifferencePValue:0.####} (McNemar's test, exact and two-sided). They give the same class to {paired.Agreement:0.0%}.</p>
            {(runs.AreOfOtherFolders ? Markup.Write($"<p><b>The pictures are of two folders</b>, and are taken to be the same where their paths within are.</p>") : Markup.None)}
            """);

    private static Markup DrawFigures(RunPair runs)
    {
        (string Name, Func<RunRecords, string?> Get)[] figures =
        [
            ("top-1 of the test", run => run.Metrics is { } all ? Invariant($"{all.Top1:0.0%} ({100 * all.Top1Interval.Low:0.0} to {100 * all.Top1Interval.High:0.0})") : null),
            ("top-5", run => run.Metrics is { } all ? Invariant($"{all.Top5:0.0%}") : null),
            ("log-loss, nats", run => run.Metrics is { } all ? Invariant($"{all.LogLoss:0.0000}") : null),
            ("expected calibration error", run => run.Metrics is { } all ? Invariant($"{all.Calibration.ExpectedError:0.0%}") : null),
            ("best validation top-1", run => run.History.Max(epoch => epoch.ValidationAccuracy) is { } best ? Invariant($"{best:0.0%}") : null),
            ("epochs", run => Invariant($"{run.History.Count}")),
            ("epoch kept", run => run.Description is { BestEpoch: > 0 } all ? Invariant($"{all.BestEpoch}") : null),
            ("seconds of the epochs", run => Invariant($"{run.History.Sum(epoch => epoch.Seconds ?? 0):0}")),
            ("parameters", run => run.Description is { } all ? Invariant($"{all.Layers.Sum(layer => layer.Parameters):N0}") : null),
            ("multiply-adds", run => run.Description is { } all ? Invariant($"{all.Layers.Sum(layer => layer.MultiplyAdds):N0}") : null),
            ("ms a picture, model zip", run => run.Description is { } all ? Invariant($"{all.Layers.Sum(layer => layer.Milliseconds ?? 0):0.00}") : null),
            ("pictures to train on", run => run.Description is { } all ? Invariant($"{all.Pictures.Classes.Sum(each => each.Train) + all.Pictures.Unlabelled:N0}") : null),
        ];
        return Markup.Write($"""
            <div class="scroll"><table><thead>{runs.DrawHeads()}</thead><tbody>{figures.Select(figure => Markup.Write(
                $"""<tr><td>{figure.Name}</td><td class="number">{figure.Get(runs.First)}</td><td class="number">{figure.Get(runs.Second)}</td></tr>"""))}</tbody></table></div>
            """);
    }

    private static Markup DrawDifferences(RunPair runs, PictureGrid first, PictureGrid second)
    {
        const int Most = 24;
        if (runs.Shared.Count == 0)
            return Markup.None;

        return Markup.Write($"""
            {Draw(runs.FirstName, second, runs.Shared.Where(pair => pair.First.IsRight && !pair.Second.IsRight).Select(pair => pair.Second))}
            {Draw(runs.SecondName, first, runs.Shared.Where(pair => !pair.First.IsRight && pair.Second.IsRight).Select(pair => pair.First))}
            """);

        Markup Draw(string right, PictureGrid wrong, IEnumerable<ScoredPicture> pictures)
        {
            var all = pictures.OrderByDescending(picture => picture.Probability).ToList();
            return Markup.Write($"""
                <h3>Right in <bdi>{right}</bdi> alone: {all.Count}. What the other says:</h3>
                {wrong.Draw(all.Take(Most))}
                """);
        }
    }

    private static Markup DrawClasses(RunPair runs)
    {
        if (runs is not { First.Metrics: { } first, Second.Metrics: { } second })
            return Markup.None;

        var others = second.Classes.ToDictionary(each => each.Name);
        return Markup.Write($"""
            <div class="scroll"><table class="sorts"><thead><tr>{Table.Heads("class", "#recall 1", "#recall 2", "#points", "#F1 1", "#F1 2", "#points")}</tr></thead>
            <tbody>{first.Classes.Where(each => others.ContainsKey(each.Name)).Select(each => (One: each, Other: others[each.Name])).Select(each => Markup.Write(
                $"""<tr>{Table.Name(each.One.Name)}{Table.Number(each.One.Recall, "0.0%")}{Table.Number(each.Other.Recall, "0.0%")}{Points(each.Other.Recall - each.One.Recall)}{Table.Number(each.One.F1, "0.0%")}{Table.Number(each.Other.F1, "0.0%")}{Points(each.Other.F1 - each.One.F1)}</tr>"""))}</tbody></table></div>
            <p class="soft">1 is <bdi>{runs.FirstName}</bdi>, 2 is <bdi>{runs.SecondName}</bdi>.</p>
            """);

        static Markup Points(double difference) => Markup.Write(
            $"""<td class="number {(difference > 0 ? "up" : difference < 0 ? "down" : "")}" data-value="{difference:R}">{100 * difference:+0.0;-0.0;0.0}</td>""");
    }

    private static Markup DrawPairs(RunPair runs, Func<RunRecords, IEnumerable<(string Name, string Value)>> list)
    {
        var (first, second) = (ByName(runs.First), ByName(runs.Second));
        var different = first.Keys.Union(second.Keys).Where(name => first.GetValueOrDefault(name) != second.GetValueOrDefault(name)).ToList();
        return different.Count == 0 ? Markup.None : Markup.Write($"""
            <div class="scroll"><table><thead>{runs.DrawHeads()}</thead><tbody>{different.Select(name => Markup.Write(
                $"""<tr><td>{name}</td><td class="path"><bdi>{first.GetValueOrDefault(name)}</bdi></td><td class="path"><bdi>{second.GetValueOrDefault(name)}</bdi></td></tr>"""))}</tbody></table></div>
            """);

        Dictionary<string, string> ByName(RunRecords run) => list(run).DistinctBy(pair => pair.Name).ToDictionary();
    }
}
