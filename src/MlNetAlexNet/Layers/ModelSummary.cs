using System.Globalization;
using System.Text;

namespace MlNetAlexNet.Layers;

/// <summary>
/// The plan as Keras 2 prints it (keras/utils/layer_utils.py, <c>print_summary</c>), 65 columns wide.
/// </summary>
public static class ModelSummary
{
    private const int Width = 65;
    private static readonly int[] ColumnEnds = [29, 55, 65];

    /// <summary>
    /// The table of layers with output shapes and parameters, and the totals, each line ended by <c>\n</c>. Of a stack
    /// that is still being built, pass its plan so far for the totals so far.
    /// </summary>
    public static string Format(LayerPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var text = new StringBuilder();
        Line(text, '_');
        Row(text, "Layer (type)", "Output Shape", "Param #");
        Line(text, '=');
        for (var i = 0; i < plan.Count; i++)
        {
            var layer = plan[i];
            var parameters = layer.Parameters.ToString(CultureInfo.InvariantCulture);
            Row(text, $"{layer.Name} ({layer.Layer.TypeName})", layer.Output.ToString(), parameters);
            Line(text, i == plan.Count - 1 ? '=' : '_');
        }

        Total(text, "Total params: ", plan.Parameters);
        Total(text, "Trainable params: ", plan.TrainableParameters);
        Total(text, "Non-trainable params: ", plan.Parameters - plan.TrainableParameters);
        Line(text, '_');
        return text.ToString();
    }

    private static void Total(StringBuilder text, string what, long count) =>
        text.Append(what).Append(count.ToString("N0", CultureInfo.InvariantCulture)).Append('\n');

    private static void Line(StringBuilder text, char mark) => text.Append(mark, Width).Append('\n');

    // A field is cut where its column ends, and gives its last character to the gap before the next one.
    private static void Row(StringBuilder text, params ReadOnlySpan<string> fields)
    {
        var line = "";
        for (var i = 0; i < fields.Length; i++)
        {
            line = (i == 0 ? "" : line[..^1] + " ") + fields[i];
            line = line[..Math.Min(line.Length, ColumnEnds[i])].PadRight(ColumnEnds[i]);
        }

        text.Append(line).Append('\n');
    }
}
