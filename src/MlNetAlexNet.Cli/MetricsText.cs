using System.Globalization;
using System.Text;
using MlNetAlexNet.Evaluation;

namespace MlNetAlexNet.Cli;

/// <summary>Metrics as people read them.</summary>
internal static class MetricsText
{
    /// <summary>One line over all pictures.</summary>
    public static string FormatTotals(Metrics metrics) => string.Create(CultureInfo.InvariantCulture,
        $"top-1 {metrics.Top1:0.0%} ({metrics.Correct} of {metrics.Pictures}), " +
        $"top-5 {metrics.Top5:0.0%}, log-loss {metrics.LogLoss:0.0000}");

    /// <summary>A line a class.</summary>
    public static string FormatClasses(Metrics metrics)
    {
        var width = metrics.Classes.Max(each => each.Name.Length);
        var text = new StringBuilder().AppendLine($"{"".PadRight(width)}  pictures  precision  recall");
        foreach (var each in metrics.Classes)
        {
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{each.Name.PadRight(width)}  {each.Count,8}  {each.Precision,9:0.0%}  {each.Recall,6:0.0%}"));
        }

        return text.ToString();
    }
}
