using MlNetAlexNet.Formats.Onnx.Foreign;
using MlNetAlexNet.Formats.Onnx.Graph;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Kept;

/// <summary>Puts the nodes of another program's graph into one of ours as they are, under names of their own.</summary>
internal static class KeptGraph
{
    private const string Prefix = "network/";

    /// <summary>The function that a graph ends in, behind the steps between 8 bits and 32; null if it is a sum of products.</summary>
    public static string? LastFunction(GraphProto graph)
    {
        var makers = new Dictionary<string, NodeProto>();
        foreach (var node in graph.Node)
        {
            foreach (var output in node.Output)
                makers[output] = node;
        }

        var value = graph.Output[0].Name;
        for (var steps = 0; steps < graph.Node.Count && makers.TryGetValue(value, out var node); steps++)
        {
            switch (node.OpType)
            {
                case "QuantizeLinear" or "DequantizeLinear" or "Identity" or "Cast" or "Flatten" or "Reshape" or "Squeeze" when node.Input.Count > 0:
                    value = node.Input[0];
                    break;
                case "Softmax" or "QLinearSoftmax": return "Softmax";
                case "Sigmoid" or "QLinearSigmoid": return "Sigmoid";
                case "LogSoftmax" or "Relu" or "Tanh" or "LeakyRelu" or "Elu": return node.OpType;
                default: return null;
            }
        }

        return null;
    }

    /// <summary>The node that scales the values of a picture before the network proper; null if there is none.</summary>
    public static ForeignNode? FirstScaling(GraphProto graph, string input)
    {
        var users = graph.Node.SelectMany(node => node.Input.Distinct().Select(name => (name, node)))
            .ToLookup(pair => pair.name, pair => pair.node);
        var value = input;
        for (var steps = 0; steps < graph.Node.Count && users[value].ToArray() is [var node]; steps++)
        {
            switch (node.OpType)
            {
                case "QuantizeLinear" or "DequantizeLinear" or "Identity" or "Cast" or "Transpose" when node.Output.Count > 0:
                    value = node.Output[0];
                    break;
                case "Mul" or "Div" or "Add" or "Sub" or "QLinearMul" or "QLinearAdd":
                    return new ForeignNode(node);
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>Adds the nodes and weights.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="model">What.</param>
    /// <param name="input">The name of its input.</param>
    /// <param name="value">What goes in there.</param>
    /// <returns>The name of what comes out.</returns>
    /// <exception cref="AlexNetException">It holds graphs within the graph.</exception>
    public static string Include(OnnxGraph graph, ModelProto model, string input, string value)
    {
        var source = model.Graph;
        var batches = FixedBatches(source, input);
        graph.Require(model);
        var nodes = source.Node.Select(Copy).ToArray();
        var used = nodes.SelectMany(node => node.Input).ToHashSet();
        foreach (var node in nodes.Where(node => node.OpType != "Constant" || node.Output.Any(used.Contains)))
            graph.Include(node);
        foreach (var tensor in source.Initializer.Select(Renamed).Where(tensor => used.Contains(tensor.Name)))
            graph.Include(tensor);

        return Rename(source.Output[0].Name);

        NodeProto Copy(NodeProto node)
        {
            if (node.Attribute.Any(attribute => attribute.G is not null || attribute.Graphs.Count > 0))
                throw new ForeignNode(node).Refused("holds a graph of its own");

            var copy = node.Clone();
            copy.Name = Prefix + (node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault());
            for (var i = 0; i < copy.Input.Count; i++)
                copy.Input[i] = Rename(copy.Input[i]);
            for (var i = 0; i < copy.Output.Count; i++)
                copy.Output[i] = Rename(copy.Output[i]);
            if (node.OpType == "Reshape" && node.Input.Count == 2 && batches.TryGetValue(node.Input[1], out var shape))
                copy.Input[1] = graph.Constant($"{copy.Name}/batch", shape);
            return copy;
        }

        string Rename(string name) => name.Length == 0 ? "" : name == input ? value : Prefix + name;
    }

    private static TensorProto Renamed(TensorProto tensor)
    {
        var copy = tensor.Clone();
        copy.Name = Prefix + tensor.Name;
        return copy;
    }

    // A graph for one picture, as PyTorch exports by default, or for some has their number in the shapes that Reshape makes:
    // the side that the batch has stands there instead.
    private static Dictionary<string, long[]> FixedBatches(GraphProto graph, string input)
    {
        var pictures = graph.Input.First(value => value.Name == input).Type.TensorType.Shape.Dim[0].DimValue;
        if (pictures < 1)
            return [];

        var shapes = new Dictionary<string, long[]>();
        var constants = graph.Initializer.Select(tensor => (tensor.Name, Tensor: tensor)).Concat(graph.Node
            .Where(node => node is { OpType: "Constant", Output.Count: 1 })
            .Select(node => (Name: node.Output[0], Tensor: new ForeignNode(node).Tensor("value") ?? new TensorProto())));
        foreach (var (name, tensor) in constants.Where(pair => pair.Tensor.DataType == (int)TensorProto.Types.DataType.Int64))
        {
            long[] sides = tensor.RawData.IsEmpty
                ? [.. tensor.Int64Data]
                : [.. tensor.RawData.ToByteArray().Chunk(sizeof(long)).Where(bytes => bytes.Length == sizeof(long)).Select(bytes => BitConverter.ToInt64(bytes))];
            if (tensor.Dims.Count == 1 && sides.Length > 0 && sides[0] == pictures)
                shapes[name] = [0, .. sides[1..]];
        }

        return shapes;
    }
}
