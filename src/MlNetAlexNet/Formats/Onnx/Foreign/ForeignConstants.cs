using System.Runtime.InteropServices;
using Google.Protobuf;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Layers;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>The constants of a graph: initializers, Constant nodes, and what nodes make of either.</summary>
internal sealed class ForeignConstants
{
    // What layers may share beside all that the files hold, such as a bias of zeros.
    private const int SharedBytes = 1 << 20;

    // Nodes that turn a weight, one after the other.
    private const int MostTurns = 8;

    private readonly Dictionary<string, TensorProto> _tensors = [];
    private readonly Dictionary<string, (ForeignNode Node, int Turns)> _turned = [];
    private readonly Dictionary<TensorProto, Weight> _weights = new(ReferenceEqualityComparer.Instance);
    private readonly ForeignBatch _batch = new();
    private readonly ExternalData _external;
    private long _bytesLeft;

    /// <param name="graph">The graph.</param>
    /// <param name="path">Its file; weights may be in others beside it.</param>
    public ForeignConstants(GraphProto graph, string path)
    {
        _external = new ExternalData(path);
        _bytesLeft = new FileInfo(path).Length + SharedBytes;
        if (graph.SparseInitializer.Count > 0)
            throw new AlexNetException("it has sparse weights, which are not read.");

        foreach (var tensor in graph.Initializer)
            Add(tensor.Name, tensor);
        foreach (var proto in graph.Node)
            Add(new ForeignNode(proto));
    }

    /// <summary>Whether a weight was rounded.</summary>
    public bool HasRounded { get; private set; }

    /// <summary>Whether the name is a constant, or a shape made of the batch's size and constants.</summary>
    public bool Contains(string name) =>
        _tensors.ContainsKey(name) || _turned.ContainsKey(name) || _batch.Contains(name);

    /// <summary>The shape that a node makes; 0 for a side that stays as it is.</summary>
    public IReadOnlyList<long> Shape(ForeignNode node, string name) =>
        _batch.TryGetWidth(name, out var width) ? [0, width] : Integers(node, name);

    /// <summary>A weight that the node needs.</summary>
    public Weight Weight(ForeignNode node, string name)
    {
        if (_turned.TryGetValue(name, out var turned))
            return ForeignTurning.Turn(turned.Node, Weight(node, turned.Node.Inputs[0]), list => Integers(turned.Node, list));

        var tensor = Find(node, name);
        var format = ForeignTensor.FormatOf(tensor) ?? throw node.Refused(
            $"needs '{name}' as a weight; it is of type {(DataType)tensor.DataType}");
        var count = Count(node, tensor);
        var external = _external.Find(tensor);
        _bytesLeft += external?.NewBytes ?? 0;
        Spend(count * (long)format.Bytes);
        HasRounded |= format == NumberFormat.Float64;
        if (!_weights.TryGetValue(tensor, out var weight))
        {
            var values = ForeignTensor.Read(tensor, count, external);
            if (values.Length != count)
                throw node.Refused($"needs '{name}', which has {values.Length} values instead of {count}");

            FiniteNumbers.Require($"its weight '{name}'", values);
            weight = new Weight([.. tensor.Dims.Select(side => (int)side)], values);
            _weights.Add(tensor, weight);
            tensor.RawData = ByteString.Empty; // two copies of 240 MB are enough
        }

        return weight;
    }

    /// <summary>A yes or no that the node needs.</summary>
    public bool Flag(ForeignNode node, string name)
    {
        var tensor = Find(node, name);
        return tensor.DataType != (int)DataType.Bool ? throw Unfit(node, name, tensor, "a flag")
            : tensor.RawData.Length == 1 ? tensor.RawData[0] != 0
            : tensor.Int32Data is [var flag] ? flag != 0
            : throw node.Refused($"needs '{name}', which is not one flag");
    }

    /// <summary>Integers that the node needs, such as a shape.</summary>
    public IReadOnlyList<long> Integers(ForeignNode node, string name)
    {
        var tensor = Find(node, name);
        if (tensor.DataType != (int)DataType.Int64)
            throw Unfit(node, name, tensor, "a list of 64-bit integers");

        IReadOnlyList<long> values = tensor.RawData.IsEmpty
            ? tensor.Int64Data
            : MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray();
        return values.Count == Count(node, tensor)
            ? values
            : throw node.Refused($"needs '{name}', which has {values.Count} values instead of {Count(node, tensor)}");
    }

    private void Add(ForeignNode node)
    {
        if (TensorOf(node) is { } tensor)
            Add(OneOutput(node), tensor);
        else if (ForeignTurning.Takes(node) && IsWeight(node.Inputs[0]))
            AddTurned(node);
        else
            _batch.Add(node, name => SmallIntegers(name)?.Int64Data);
    }

    private void AddTurned(ForeignNode node)
    {
        var turns = _turned.GetValueOrDefault(node.Inputs[0]).Turns + 1;
        if (turns > MostTurns)
            throw node.Refused($"is one of more than {MostTurns} that turn the same weight");

        RequireNew(OneOutput(node));
        _turned.Add(node.Outputs[0], (node, turns));
    }

    private bool IsWeight(string name) => _turned.ContainsKey(name)
        || (_tensors.TryGetValue(name, out var tensor) && ForeignTensor.FormatOf(tensor) is not null);

    private static string OneOutput(ForeignNode node) =>
        node.Outputs is [var name] ? name : throw node.Refused("has not one output");

    private TensorProto? TensorOf(ForeignNode node) => node.Operator switch
    {
        "Constant" => node.Tensor("value")
            ?? (node.Has("value_float") ? Floats([(float)node.Float("value_float", 0)], isList: false)
            : node.Has("value_floats") ? Floats(node.Floats("value_floats"), isList: true)
            : node.Has("value_int") ? Longs([node.Integer("value_int", 0)])
            : node.Has("value_ints") ? Longs(node.Integers("value_ints"))
            : throw node.Refused("has no value of a known kind")),
        "Identity" when node.Input(0) is { } name => _tensors.GetValueOrDefault(name),
        // of numbers that are read as 32 bits anyhow
        "Cast" when node.Input(0) is { } name && node.Integer("to", 0) is (long)DataType.Float or (long)DataType.Double
            && IsWeight(name) => _tensors.GetValueOrDefault(name),
        _ => ForeignFolding.Fold(node, SmallIntegers),
    };

    // In one form, whichever of the two the file has; null for what is no short list or table of integers.
    private TensorProto? SmallIntegers(string name)
    {
        if (_tensors.GetValueOrDefault(name) is not { } tensor || tensor.Dims.Any(side => side < 1)
            || tensor.RawData.Length > ForeignFolding.Most * sizeof(long)
            || (DataType)tensor.DataType is not (DataType.Int64 or DataType.Int32))
        {
            return null;
        }

        var copy = new TensorProto { DataType = (int)DataType.Int64, Dims = { tensor.Dims } };
        if (tensor.DataType == (int)DataType.Int64)
        {
            copy.Int64Data.AddRange(tensor.Int64Data);
            copy.Int64Data.AddRange(MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray());
        }
        else
        {
            copy.Int64Data.AddRange(tensor.Int32Data.Select(value => (long)value));
            copy.Int64Data.AddRange(MemoryMarshal.Cast<byte, int>(tensor.RawData.Span).ToArray().Select(value => (long)value));
        }

        var count = copy.Int64Data.Count;
        return count <= ForeignFolding.Most && tensor.Dims.Aggregate(1d, (product, side) => product * side) == count
            ? copy
            : null;
    }

    private static TensorProto Floats(IReadOnlyList<float> values, bool isList)
    {
        var tensor = new TensorProto { DataType = (int)DataType.Float, FloatData = { values } };
        if (isList)
            tensor.Dims.Add(values.Count);
        return tensor;
    }

    private static TensorProto Longs(IReadOnlyList<long> values) =>
        new() { DataType = (int)DataType.Int64, Int64Data = { values }, Dims = { values.Count } };

    private TensorProto Find(ForeignNode node, string name) => _tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw node.Refused($"needs '{name}', which is not among the graph's constants");

    private static AlexNetException Unfit(ForeignNode node, string name, TensorProto tensor, string what) =>
        node.Refused($"needs '{name}' as {what}; it is of type {(DataType)tensor.DataType}");

    private static int Count(ForeignNode node, TensorProto tensor)
    {
        long count = 1;
        foreach (var side in tensor.Dims)
            count = side >= 0 && side <= Array.MaxLength && count <= Array.MaxLength ? count * side : long.MaxValue;

        return count <= Array.MaxLength
            ? (int)count
            : throw node.Refused($"needs '{tensor.Name}', which cannot be of {string.Join(" x ", tensor.Dims)}");
    }

    // Nodes that share a constant must not multiply it in memory.
    private void Spend(long bytes)
    {
        _bytesLeft -= bytes;
        if (_bytesLeft < 0)
            throw new AlexNetException("its weights together have more values than its files hold.");
    }

    private void Add(string name, TensorProto tensor)
    {
        RequireNew(name);
        _tensors.Add(name, tensor);
    }

    private void RequireNew(string name)
    {
        if (_tensors.ContainsKey(name) || _turned.ContainsKey(name))
            throw new AlexNetException($"it has two values called '{name}'.");
    }
}
