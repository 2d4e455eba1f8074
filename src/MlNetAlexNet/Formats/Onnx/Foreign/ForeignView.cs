using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>
/// How the graph has a value that is an image or a vector to us: the order of its axes, which a Transpose changes and no
/// number with it, and for a vector the order of its values, where that is not ours.
/// </summary>
/// <param name="Shape">The image or the vector.</param>
/// <param name="Axes">
/// N for the batch, C, H and W of an image or F of a vector, and 1 for an axis of one that is neither.
/// </param>
internal sealed record ForeignView(TensorShape Shape, string Axes)
{
    // One number that is done to each channel is held as many times: channels are not so many.
    private const int MostChannels = 1 << 20;

    // The image that a vector was, and the order in which its axes were laid out, where that is not ours.
    private (TensorShape Image, string Axes)? LaidOut { get; init; }

    /// <summary>Whether the values of a vector are in the order of the graph alone.</summary>
    public bool IsReordered => LaidOut is not null;

    /// <summary>Whether convolutions can take it.</summary>
    public bool IsChannelsFirst => Axes == "NCHW";

    /// <summary>Whether each picture is a vector in the graph, too.</summary>
    public bool IsVector => Axes is "NF" or "NC";

    /// <summary>The view of what a layer gives that takes each value, or all places of a channel, for itself.</summary>
    public ForeignView Of(TensorShape output) => output.IsFlat == Shape.IsFlat
        ? this with { Shape = output }
        : new(output, output.IsFlat ? "NF" : "NCHW");

    /// <summary>The same numbers with the axes in another order.</summary>
    public ForeignView Transpose(ForeignNode node)
    {
        var order = node.Integers("perm");
        return order.Count == Axes.Length && order[0] == 0
            && order.Order().SequenceEqual(Enumerable.Range(0, Axes.Length).Select(axis => (long)axis))
            ? this with { Axes = string.Concat(order.Select(axis => Axes[(int)axis])) }
            : throw node.Refused($"turns the axes of {Shape} to [{string.Join(", ", order.Take(6))}]");
    }

    /// <summary>Without axes of one.</summary>
    public ForeignView Squeeze(ForeignNode node, IReadOnlyList<long> axes)
    {
        var taken = axes.Select(axis => Position(node, axis, Axes.Length)).ToHashSet();
        return taken.All(axis => axis > 0 && Size(Axes[axis]) == 1)
            ? this with { Axes = string.Concat(Axes.Where((_, axis) => !taken.Contains(axis))) }
            : throw node.Refused($"takes away sides of {Shape} that are not 1");
    }

    /// <summary>With more axes of one.</summary>
    public ForeignView Unsqueeze(ForeignNode node, IReadOnlyList<long> axes)
    {
        var rank = Axes.Length + axes.Count;
        var added = axes.Select(axis => Position(node, axis, rank)).ToHashSet();
        if (added.Count != axes.Count || added.Contains(0))
            throw node.Refused("adds sides that cannot be there");

        var others = new Queue<char>(Axes);
        return (this with
        {
            Axes = string.Concat(Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? '1' : others.Dequeue())),
        }).NameOnes();
    }

    /// <summary>One value for each channel; height and width may stay, as 1.</summary>
    public ForeignView Reduce(ForeignNode node, IReadOnlyList<long> axes, bool keepsSides)
    {
        var reduced = axes.Select(axis => Axes[Position(node, axis, Axes.Length)]).Order().ToArray();
        return reduced is ['H', 'W']
            ? new(TensorShape.Image(1, 1, Shape.Channels), keepsSides ? Axes : string.Concat(Axes.Where(axis => axis is 'N' or 'C')))
            : throw node.Refused($"reduces other axes of {Shape} than height and width");
    }

    /// <summary>All axes but the batch as one, as the graph lays them out.</summary>
    public ForeignView Flatten()
    {
        if (Shape.IsFlat)
            return this with { Axes = "NF" };

        var order = string.Concat(Axes.Where(axis => axis is 'C' or 'H' or 'W' && Size(axis) > 1));
        var vector = new ForeignView(TensorShape.Vector(Shape.Elements), "NF");
        return "CHW".Contains(order, StringComparison.Ordinal) || order == "CW"
            ? vector
            : vector with { LaidOut = (Shape, order) };
    }

    /// <summary>The same numbers in other sides, of which the first is the batch; -1 stands for what is left over.</summary>
    public ForeignView Reshape(ForeignNode node, IReadOnlyList<long> sides)
    {
        var others = sides.Skip(1).ToArray();
        var known = others.Where(side => side > 0).Aggregate(1.0, (product, side) => product * side);
        if (others.Count(side => side < 0) == 1 && Shape.Elements % known == 0)
            others = [.. others.Select(side => side < 0 ? (long)(Shape.Elements / known) : side)];

        if (others.Length == 1 && others[0] == Shape.Elements)
            return Flatten();

        var large = Axes.Skip(1).Where(axis => Size(axis) > 1).ToArray();
        if (!others.Where(side => side != 1).SequenceEqual(large.Select(axis => (long)Size(axis))))
        {
            throw node.Refused(
                $"makes something else of {Shape} than a vector for each picture: [{string.Join(", ", sides.Take(6))}]");
        }

        var letters = new Queue<char>(large);
        return (this with { Axes = "N" + string.Concat(others.Select(side => side == 1 ? '1' : letters.Dequeue())) }).NameOnes();
    }

    /// <summary>The axis that a 0 in the shape of a Reshape stands for.</summary>
    public long SideAt(int axis) => axis < Axes.Length ? Size(Axes[axis]) : 0;

    /// <summary>The values of a constant for each channel or unit, in our order.</summary>
    public IReadOnlyList<double> Broadcast(ForeignNode node, Weight constant)
    {
        var channels = Axes.IndexOf(Shape.IsFlat ? 'F' : 'C', StringComparison.Ordinal);
        var before = Axes.Length - constant.Dimensions.Count;
        var isSingle = constant.Values.Length == 1 && before >= 0 && Shape.Channels <= MostChannels;
        var isOneEach = constant.Values.Length == Shape.Channels && channels >= before && before >= 0
            && constant.Dimensions[channels - before] == Shape.Channels;
        if (!isSingle && !isOneEach)
        {
            throw node.Refused(
                $"has a constant of {string.Join(" x ", constant.Dimensions)} for {Shape}; it needs one value, or one for each channel");
        }

        return isSingle
            ? [.. Enumerable.Repeat((double)constant.Values[0], Shape.Channels)]
            : [.. TakeInOurOrder(constant.Values).Select(value => (double)value)];
    }

    /// <summary>Weights with a value for each of the vector's in their last side, which are then in our order.</summary>
    public float[] TakeInOurOrder(float[] weights)
    {
        if (LaidOut is not { } laidOut)
            return weights;

        var places = ListPlaces(laidOut.Image, laidOut.Axes);
        var values = new float[weights.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = weights[i - i % places.Length + places[i % places.Length]];
        return values;
    }

    /// <summary>Pixels before and after each axis as four sides; null if they are around something else.</summary>
    public PaddingSides? Around(ForeignNode node, IReadOnlyList<long> pads)
    {
        if (Shape.IsFlat || pads.Count != 2 * Axes.Length)
            return null;

        var (rows, columns) = (Axes.IndexOf('H', StringComparison.Ordinal), Axes.IndexOf('W', StringComparison.Ordinal));
        var isOfOthers = Enumerable.Range(0, pads.Count)
            .Any(i => i % Axes.Length != rows && i % Axes.Length != columns && pads[i] != 0);
        return isOfOthers || rows < 0 || columns < 0
            ? null
            : new(Pad(rows), Pad(rows + Axes.Length), Pad(columns), Pad(columns + Axes.Length));

        int Pad(int index) => node.Side(pads[index]);
    }

    private int Size(char axis) => axis switch
    {
        'N' => 0,
        'H' => Shape.Height,
        'W' => Shape.Width,
        'C' or 'F' => Shape.Channels,
        _ => 1,
    };

    // An axis of one that is added to an image is a side that it lacks, if there is one.
    private ForeignView NameOnes()
    {
        if (Shape.IsFlat)
            return this;

        var missing = new Queue<char>("CHW".Where(axis => !Axes.Contains(axis, StringComparison.Ordinal)));
        return this with
        {
            Axes = string.Concat(Axes.Select(axis => axis == '1' && missing.TryDequeue(out var side) ? side : axis)),
        };
    }

    // For each value in our order its place in the graph's.
    private static int[] ListPlaces(TensorShape image, string axes)
    {
        var (channels, rows, columns) = (Step('C'), Step('H'), Step('W'));
        return
        [
            .. from channel in Enumerable.Range(0, image.Channels)
               from row in Enumerable.Range(0, image.Height)
               from column in Enumerable.Range(0, image.Width)
               select channel * channels + row * rows + column * columns,
        ];

        int Step(char axis) => axes[(axes.IndexOf(axis, StringComparison.Ordinal) + 1)..].Aggregate(1, (step, other) => step * other switch
        {
            'C' => image.Channels,
            'H' => image.Height,
            _ => image.Width,
        });
    }

    private static int Position(ForeignNode node, long axis, int rank) =>
        axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw node.Refused($"has no axis {axis}");
}
