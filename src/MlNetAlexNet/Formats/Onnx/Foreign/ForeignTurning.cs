using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>
/// Works out nodes that turn a weight before its use, such as the Transpose of a dense kernel for a MatMul, which
/// PyTorch's exporter of TorchScript leaves in the graph.
/// </summary>
internal static class ForeignTurning
{
    /// <summary>Whether the node can turn a weight: the same numbers with other sides, or in another order.</summary>
    public static bool Takes(ForeignNode node) =>
        node.Operator is "Transpose" or "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten" or "Identity" && node.Input(0) is not null;

    /// <summary>What it makes of the weight.</summary>
    /// <param name="node">Such a node.</param>
    /// <param name="weight">The weight.</param>
    /// <param name="integers">Its constants by their names.</param>
    public static Weight Turn(ForeignNode node, Weight weight, Func<string, IReadOnlyList<long>> integers)
    {
        var sides = weight.Dimensions;
        switch (node.Operator)
        {
            case "Identity":
                return weight;
            case "Transpose":
                return Transpose(node, weight);
            case "Squeeze" or "Unsqueeze":
                // Which side of one comes or goes makes no difference to the numbers; the count of sides does.
                var axes = node.Input(1) is { } list ? integers(list) : node.Integers("axes");
                var isLess = node.Operator == "Squeeze";
                var positions = axes.Select(axis => axis < 0 ? axis + sides.Count + (isLess ? 0 : axes.Count) : axis).ToHashSet();
                if (isLess && positions.All(axis => axis >= 0 && axis < sides.Count && sides[(int)axis] == 1))
                    return weight with { Dimensions = [.. sides.Where((_, axis) => !positions.Contains(axis))] };

                if (isLess || positions.Count != axes.Count || !positions.All(axis => axis >= 0 && axis < sides.Count + axes.Count))
                    throw node.Refused($"cannot be done to a weight of {string.Join(" x ", sides)}");

                var others = new Queue<int>(sides);
                return weight with
                {
                    Dimensions = [.. Enumerable.Range(0, sides.Count + axes.Count)
                        .Select(axis => positions.Contains(axis) ? 1 : others.Dequeue())],
                };
            default:
                return Reshape(node, weight, integers);
        }
    }

    /// <summary>A table with rows as columns.</summary>
    public static Weight Transpose(Weight table) => Transpose(table, [1, 0]);

    private static Weight Transpose(ForeignNode node, Weight weight)
    {
        var rank = weight.Dimensions.Count;
        var order = node.Has("perm")
            ? node.Integers("perm").Select(axis => (int)axis).ToArray()
            : [.. Enumerable.Range(0, rank).Reverse()];
        return order.Order().SequenceEqual(Enumerable.Range(0, rank))
            ? Transpose(weight, order)
            : throw node.Refused($"turns a weight of {string.Join(" x ", weight.Dimensions)} to [{string.Join(", ", order.Take(6))}]");
    }

    private static Weight Transpose(Weight weight, int[] order)
    {
        var steps = new int[order.Length];
        for (int axis = order.Length - 1, step = 1; axis >= 0; axis--)
        {
            steps[axis] = step;
            step *= weight.Dimensions[axis];
        }

        int[] sides = [.. order.Select(axis => weight.Dimensions[axis])];
        var values = new float[weight.Values.Length];
        var index = new int[sides.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var at = 0;
            for (var d = 0; d < index.Length; d++)
                at += index[d] * steps[order[d]];
            values[i] = weight.Values[at];

            for (var d = index.Length - 1; d >= 0 && ++index[d] == sides[d]; d--)
                index[d] = 0;
        }

        return new Weight(sides, values);
    }

    private static Weight Reshape(ForeignNode node, Weight weight, Func<string, IReadOnlyList<long>> integers)
    {
        var sides = weight.Dimensions;
        long[] wanted = node.Operator == "Flatten"
            ? node.Integer("axis", 1) == 1 && sides.Count > 0 ? [sides[0], -1] : throw node.Refused("flattens a weight")
            : [.. integers(node.Input(1) ?? throw node.Refused("has no shape"))];
        for (var i = 0; i < wanted.Length; i++)
            wanted[i] = wanted[i] == 0 && i < sides.Count ? sides[i] : wanted[i];

        var known = wanted.Where(side => side > 0).Aggregate(1.0, (product, side) => product * side);
        if (wanted.Count(side => side < 0) == 1 && weight.Values.Length % known == 0)
            wanted = [.. wanted.Select(side => side < 0 ? (long)(weight.Values.Length / known) : side)];

        return wanted.All(side => side > 0) && wanted.Aggregate(1.0, (product, side) => product * side) == weight.Values.Length
            ? weight with { Dimensions = [.. wanted.Select(side => (int)side)] }
            : throw node.Refused($"makes a weight of {string.Join(" x ", sides)} to [{string.Join(", ", wanted.Take(6))}]");
    }
}
