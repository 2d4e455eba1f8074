using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Models;
using Onnx;
using static MlNetAlexNet.Formats.Onnx.Graph.OnnxGraph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Formats.Onnx.Own;

/// <summary><see cref="GreyValue"/> of bytes, exactly, in floats: ONNX Runtime has no such operators for bytes.</summary>
internal static class OnnxGrey
{
    /// <returns>Name of the grey values, N x 1 x H x W bytes.</returns>
    /// <param name="graph">The graph.</param>
    /// <param name="colours">Name of N x RGB x H x W bytes.</param>
    public static string Add(OnnxGraph graph, string colours)
    {
        var value = AddPart("float", "Cast", [colours], Attribute("to", (long)DataType.Float));        // N x 3 x H x W
        value = AddPart("shares", "Mul",
            [value, graph.Constant($"{OnnxNames.Grey}/weights", [GreyValue.Red, GreyValue.Green, GreyValue.Blue], 3, 1, 1)]);
        value = AddPart("sum", "ReduceSum", [value, graph.Constant($"{OnnxNames.Grey}/axes", 1L)]);    // N x 1 x H x W
        value = AddPart("rounded", "Add", [value, graph.Constant($"{OnnxNames.Grey}/half", [(float)GreyValue.Half])]);
        value = AddPart("scaled", "Div", [value, graph.Constant($"{OnnxNames.Grey}/whole", [(float)GreyValue.Whole])]);
        value = AddPart("floor", "Floor", [value]);
        return graph.Add(OnnxNames.Grey, "Cast", [value], Attribute("to", (long)DataType.Uint8));

        string AddPart(string name, string operation, string[] inputs, params AttributeProto[] attributes) =>
            graph.Add($"{OnnxNames.Grey}/{name}", operation, inputs, attributes);
    }
}
