using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>Puts the nodes of a graph in the order of its one path from input to output.</summary>
internal static class ForeignChain
{
    /// <summary>The name of the one input that is no constant.</summary>
    public static ValueInfoProto Input(GraphProto graph, ForeignConstants constants)
    {
        var inputs = graph.Input.Where(input => !constants.Contains(input.Name)).ToArray();
        return inputs.Length == 1
            ? inputs[0]
            : throw new AlexNetException(
                $"it has {inputs.Length} inputs ({string.Join(", ", inputs.Take(5).Select(input => input.Name))}); "
                + "a chain has one.");
    }

    /// <exception cref="AlexNetException">The path branches, does not reach the output, or passes nodes by.</exception>
    public static IReadOnlyList<ForeignNode> Order(GraphProto graph, ForeignConstants constants)
    {
        var nodes = graph.Node.Select(node => new ForeignNode(node))
            .Where(node => !node.Outputs.Any(constants.Contains)).ToArray();
        var users = nodes.SelectMany(node => node.Inputs.Distinct().Select(input => (input, node)))
            .ToLookup(pair => pair.input, pair => pair.node);
        var chain = new List<ForeignNode>();
        var value = Input(graph, constants).Name;
        while (users[value].ToArray() is { Length: > 0 } next && chain.Count < nodes.Length)
        {
            if (next.Length > 1)
            {
                throw new AlexNetException(
                    $"its value '{value}' goes to {string.Join(" and ", next.Take(3).Select(node => node.ToString()))}; "
                    + "a branch is no chain of layers.");
            }

            chain.Add(next[0]);
            value = next[0].Outputs is [var output, ..] ? output : throw next[0].Refused("has no output");
        }

        if (nodes.Except(chain).FirstOrDefault() is { } beside)
            throw beside.Refused("is not on the one path from the input to the output");

        return graph.Output.Count == 1 && graph.Output[0].Name == value
            ? chain
            : throw new AlexNetException(
                $"its outputs are {string.Join(", ", graph.Output.Take(5).Select(output => $"'{output.Name}'"))}; "
                + $"the chain of its layers ends with '{value}'.");
    }
}
