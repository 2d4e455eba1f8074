using MlNetAlexNet.Reports.Drawing;
using MlNetAlexNet.Reports.Records;

namespace MlNetAlexNet.Reports.Sections;

/// <summary>What each layer costs.</summary>
internal static class LayersSection
{
    public static Markup Draw(RunDescription? run)
    {
        if (run is not { Layers: { Count: > 0 } layers })
            return Markup.None;

        var (parameters, adds, time) = (
            layers.Sum(layer => layer.Parameters), layers.Sum(layer => layer.MultiplyAdds), layers.Sum(layer => layer.Milliseconds ?? 0));
        return Markup.Write($"""
            <div class="scroll"><table>
            <thead><tr>{Table.Heads("layer", "type", "#output", "#parameters", "#multiply-adds", "#ms a picture")}</tr></thead>
            <tbody>{layers.Select(layer => Markup.Write($"""
                <tr>{Table.Name(layer.Name)}<td>{layer.Type}</td><td class="number">{layer.Output}</td>{Bar(layer.Parameters, parameters, "N0")}{Bar(layer.MultiplyAdds, adds, "N0")}{(layer.Milliseconds is { } ms ? Bar(ms, time, "0.00") : Table.Number(null, ""))}</tr>

                """))}</tbody>
            <tfoot><tr><td>in all</td><td></td><td></td>{Table.Number(parameters, "N0")}{Table.Number(adds, "N0")}{Table.Number(time, "0.00")}</tr></tfoot>
            </table></div>
            <p class="soft">One picture through the model zip in float32 on all cores, measured at the end of the training; layers without a time are computed as part of another step, or not at all.</p>
            """);
    }

    private static Markup Bar(double value, double all, string format) => Markup.Write(
        $"""<td class="number">{value.ToString(format, System.Globalization.CultureInfo.InvariantCulture)}{(value > 0 ? Markup.Write($"""<span class="bar" style="width:{100 * value / all:0.#}%"></span>""") : Markup.None)}</td>""");
}
