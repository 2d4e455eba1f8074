using System.Runtime.InteropServices;
using Google.Protobuf;
using MlNetAlexNet.Layers;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>The constants of a graph: initializers, Constant nodes, and Identity nodes of either.</summary>
internal sealed class ForeignConstants
{
    private readonly Dictionary<string, TensorProto> _tensors = [];
    private readonly Dictionary<TensorProto, Weight> _weights = new(ReferenceEqualityComparer.Instance);
    private readonly ForeignBatch _batch = new();
    private readonly ExternalData _external;
    private long _bytesLeft;

    /// <param name="graph">The graph.</param>
    /// <param name="path">Its file; weights may be in others beside it.</param>
    public ForeignConstants(GraphProto graph, string path)
    {
        _external = new ExternalData(path);
        _bytesLeft = new FileInfo(path).Length;
        if (graph.SparseInitializer.Count > 0)
            throw new AlexNetException("it has sparse weights, which are not read.");

        foreach (var tensor in graph.Initializer)
            Add(tensor.Name, tensor);
        foreach (var node in graph.Node)
        {
            if (TensorOf(node) is not { } tensor)
            {
                _batch.Add(new ForeignNode(node), name => SmallIntegers(name)?.Int64Data);
                continue;
            }

            if (node.Output is not [var name])
                throw new ForeignNode(node).Refused("has not one output");

            Add(name, tensor);
        }
    }

    /// <summary>Whether the name is a constant, or a shape made of the batch's size and constants.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name) || _batch.Contains(name);

    /// <summary>The shape that a node makes; 0 for a side that stays as it is.</summary>
    public IReadOnlyList<long> Shape(ForeignNode node, string name) =>
        _batch.TryGetWidth(name, out var width) ? [0, width] : Integers(node, name);

    /// <summary>A weight that the node needs.</summary>
    public Weight Weight(ForeignNode node, string name)
    {
        var tensor = Find(node, name, DataType.Float, "a 32-bit weight");
        var count = Count(node, tensor);
        var external = _external.Find(tensor);
        _bytesLeft += external?.NewBytes ?? 0;
        Spend(count);
        if (!_weights.TryGetValue(tensor, out var weight))
        {
            var values = external?.Read(count) ?? Values(node, name, tensor, count);
            weight = new Weight([.. tensor.Dims.Select(side => (int)side)], values);
            _weights.Add(tensor, weight);
            tensor.RawData = ByteString.Empty; // two copies of 240 MB are enough
        }

        return weight;
    }

    private static float[] Values(ForeignNode node, string name, TensorProto tensor, int count)
    {
        float[] values = tensor.RawData.IsEmpty
            ? [.. tensor.FloatData]
            : MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
        return values.Length == count && (tensor.RawData.IsEmpty || tensor.RawData.Length == count * sizeof(float))
            ? values
            : throw node.Refused($"needs '{name}', which has {values.Length} values instead of {count}");
    }

    /// <summary>A yes or no that the node needs.</summary>
    public bool Flag(ForeignNode node, string name)
    {
        var tensor = Find(node, name, DataType.Bool, "a flag");
        return tensor.RawData.Length == 1 ? tensor.RawData[0] != 0
            : tensor.Int32Data is [var flag] ? flag != 0
            : throw node.Refused($"needs '{name}', which is not one flag");
    }

    /// <summary>Integers that the node needs, such as a shape.</summary>
    public IReadOnlyList<long> Integers(ForeignNode node, string name)
    {
        var tensor = Find(node, name, DataType.Int64, "a list of 64-bit integers");
        IReadOnlyList<long> values = tensor.RawData.IsEmpty
            ? tensor.Int64Data
            : MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray();
        return values.Count == Count(node, tensor)
            ? values
            : throw node.Refused($"needs '{name}', which has {values.Count} values instead of {Count(node, tensor)}");
    }

    private TensorProto? TensorOf(NodeProto proto)
    {
        var node = new ForeignNode(proto);
        return node.Operator switch
        {
            "Constant" => node.Tensor("value")
                ?? (node.Has("value_float") ? Floats([(float)node.Float("value_float", 0)])
                : node.Has("value_floats") ? Floats(node.Floats("value_floats"))
                : node.Has("value_int") ? Longs([node.Integer("value_int", 0)])
                : node.Has("value_ints") ? Longs(node.Integers("value_ints"))
                : throw node.Refused("has no value of a known kind")),
            "Identity" when node.Input(0) is { } name => _tensors.GetValueOrDefault(name),
            _ => ForeignFolding.Fold(node, SmallIntegers),
        };
    }

    // In one form, whichever of the two the file has; null for what is no short list or table of integers.
    private TensorProto? SmallIntegers(string name)
    {
        if (_tensors.GetValueOrDefault(name) is not { DataType: (int)DataType.Int64 } tensor
            || tensor.RawData.Length > ForeignFolding.Most * sizeof(long) || tensor.Dims.Any(side => side < 1))
        {
            return null;
        }

        var copy = new TensorProto { DataType = tensor.DataType, Dims = { tensor.Dims }, Int64Data = { tensor.Int64Data } };
        copy.Int64Data.AddRange(MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray());
        var count = copy.Int64Data.Count;
        return count <= ForeignFolding.Most && tensor.Dims.Aggregate(1d, (product, side) => product * side) == count
            ? copy
            : null;
    }

    private static TensorProto Floats(IReadOnlyList<float> values) =>
        new() { DataType = (int)DataType.Float, FloatData = { values }, Dims = { values.Count } };

    private static TensorProto Longs(IReadOnlyList<long> values) =>
        new() { DataType = (int)DataType.Int64, Int64Data = { values }, Dims = { values.Count } };

    private TensorProto Find(ForeignNode node, string name, DataType type, string what)
    {
        if (!_tensors.TryGetValue(name, out var tensor))
            throw node.Refused($"needs '{name}' as {what}, which is not among the graph's constants");

        return tensor.DataType == (int)type
            ? tensor
            : throw node.Refused($"needs '{name}' as {what}; it is of type {(DataType)tensor.DataType}");
    }

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
    private void Spend(int count)
    {
        _bytesLeft -= count * (long)sizeof(float);
        if (_bytesLeft < 0)
            throw new AlexNetException("its weights together have more values than its files hold.");
    }

    private void Add(string name, TensorProto tensor)
    {
        if (!_tensors.TryAdd(name, tensor))
            throw new AlexNetException($"it has two values called '{name}'.");
    }
}
