using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Reports.Drawing;

namespace MlNetAlexNet.Reports.Sections;

/// <summary>How well each class is recognised.</summary>
internal static class ClassesSection
{
    public static Markup Draw(Metrics? metrics)
    {
        if (metrics is null)
            return Markup.None;

        var tested = metrics.Classes.Where(each => each.Count > 0).ToList();
        return Markup.Write($"""
            <div class="scroll"><table class="sorts">
            <thead><tr>{Table.Heads("class", "#pictures", "#precision", "#recall", "#F1")}</tr></thead>
            <tbody>{metrics.Classes.Select(DrawRow)}</tbody>
            <tfoot><tr><td>mean of the classes</td>{Table.Number(metrics.Pictures, "0")}{Table.Number(tested.Average(each => each.Precision), "0.0%")}{Table.Number(tested.Average(each => each.Recall), "0.0%")}{Table.Number(tested.Average(each => each.F1), "0.0%")}</tr></tfoot>
            </table></div>
            """);
    }

    private static Markup DrawRow(ClassMetrics each) => each.Count == 0
        ? Markup.Write($"<tr>{Table.Name(each.Name)}{Table.Number(0, "0")}{Table.Number(null, "")}{Table.Number(null, "")}{Table.Number(null, "")}</tr>\n")
        : Markup.Write($"<tr>{Table.Name(each.Name)}{Table.Number(each.Count, "0")}{Bar(each.Precision)}{Bar(each.Recall)}{Bar(each.F1)}</tr>\n");

    private static Markup Bar(double share) => Markup.Write(
        $"""<td class="number" data-value="{share:R}">{share:0.0%}<span class="bar" style="width:{100 * share:0.#}%"></span></td>""");
}
