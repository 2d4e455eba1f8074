using System.Globalization;
using System.Text;
using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Evaluation;

namespace MlNetAlexNet.Cli;

/// <summary>Metrics as people read them.</summary>
internal static class MetricsText
{
    private const int MostNames = 20;

    /// <summary>One line over all pictures.</summary>
    public static string FormatTotals(Metrics metrics) => string.Join(", ", ListTotals(metrics));

    /// <summary>The phrases of it.</summary>
    public static IReadOnlyList<string> ListTotals(Metrics metrics) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"top-1 {metrics.Top1:0.0%} {Format(metrics.Top1Interval)}"),
        string.Create(CultureInfo.InvariantCulture, $"{metrics.Correct} of {metrics.Pictures}"),
        .. metrics.Classes.Count <= 5 // of which it is always 100%
            ? []
            : (string[])[string.Create(CultureInfo.InvariantCulture, $"top-5 {metrics.Top5:0.0%} {Format(metrics.Top5Interval)}")],
        string.Create(CultureInfo.InvariantCulture, $"log-loss {metrics.LogLoss:0.0000}"),
    ];

    /// <summary>In percent, the sign left out: <c>(77.2 to 85.1)</c>.</summary>
    private static string Format(ConfidenceInterval interval) => string.Create(CultureInfo.InvariantCulture,
        $"({100 * interval.Low:0.0} to {100 * interval.High:0.0})");

    /// <summary>
    /// The pictures that say nothing of others, since the model was trained on them; null if there are none.
    /// </summary>
    public static string? FormatTrainedOn(EvaluationResult evaluation)
    {
        var (seen, pictures) = (evaluation.TrainedOn, evaluation.Metrics.Pictures);
        if (seen.Count == 0)
            return null;

        var more = seen.Count > MostNames ? $"\n  and {seen.Count - MostNames} more" : "";
        return $"Warning: the model was trained on {seen.Count} of the {pictures} pictures, and the figures are better than of others:"
            + string.Concat(seen.Take(MostNames).Select(path => $"\n  {path}")) + more;
    }

    /// <summary>How many pictures have transparent parts, in one line; null if none.</summary>
    public static string? FormatTransparent(int transparent, int pictures) => transparent == 0 ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"{transparent} of {pictures} {(pictures == 1 ? "picture" : "pictures")} {(transparent == 1 ? "has" : "have")} transparent parts, which count as black");

    /// <summary>
    /// That nearly every picture of other classes is called one class, and what to try; null where that is not so. A model that has
    /// learnt nothing says one class whatever it sees; pictures that it has right by that say nothing.
    /// </summary>
    public static string? FormatOneClass(Metrics metrics, string advice)
    {
        const double Nearly = 0.9;
        const int Fewest = 5; // pictures of other classes; fewer may be chance
        var confusion = metrics.Confusion;
        for (var called = 0; called < confusion.Classes.Count; called++)
        {
            var others = metrics.Pictures - confusion.CountActual(called);
            var taken = confusion.CountPredicted(called) - confusion[called, called];
            if (others >= Fewest && taken >= Nearly * others)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"Nearly everything is called '{confusion.Classes[called]}': {taken} of {others} pictures of other classes. {advice}");
            }
        }

        return null;
    }

    /// <summary>A line a class.</summary>
    public static string FormatClasses(Metrics metrics)
    {
        string[] names = [.. metrics.Classes.Select(each => PrintableText.Escape(each.Name))];
        var width = names.Max(Wording.CountCells);
        var text = new StringBuilder().AppendLine($"{"".PadRight(width)}  pictures  precision  recall");
        foreach (var (each, name) in metrics.Classes.Zip(names))
        {
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}{"".PadRight(width - Wording.CountCells(name))}  {each.Count,8}  {each.Precision,9:0.0%}  {each.Recall,6:0.0%}"));
        }

        return text.ToString();
    }
}
