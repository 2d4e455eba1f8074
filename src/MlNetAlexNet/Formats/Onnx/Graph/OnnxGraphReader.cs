using MlNetAlexNet.Layers;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Graph;

/// <summary>Looks things up in an ONNX graph; what is missing is an error that names it.</summary>
internal sealed class OnnxGraphReader(GraphProto graph)
{
    private readonly Dictionary<string, TensorProto> _constants = graph.Initializer.ToDictionary(tensor => tensor.Name);

    /// <summary>Whether some of it is computed in 8 bits.</summary>
    public bool IsQuantized => graph.Node.Any(node => node.OpType is "QGemm" or "DequantizeLinear"
        || node.OpType.StartsWith("QLinear", StringComparison.Ordinal));

    /// <summary>Name of what goes in.</summary>
    public string Input => graph.Input[0].Name;

    /// <summary>Height of the pictures that go in, in pixels.</summary>
    public int InputSide => (int)graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue;

    public bool HasConstant(string name) => _constants.ContainsKey(name);

    public TensorProto Constant(string name) =>
        _constants.TryGetValue(name, out var tensor) ? tensor : throw Lacks($"the constant '{name}'");

    public OnnxNodeReader Node(string name) => new(graph.Node[IndexOf(name)]);

    /// <summary>The nodes after the first and before the last of the two.</summary>
    public IEnumerable<OnnxNodeReader> NodesBetween(string first, string last)
    {
        var end = IndexOf(last);
        for (var i = IndexOf(first) + 1; i < end; i++)
            yield return new OnnxNodeReader(graph.Node[i]);
    }

    /// <summary>The node that runs after the one of that name.</summary>
    public OnnxNodeReader After(string name) => new(graph.Node[IndexOf(name) + 1]);

    internal static AlexNetException Lacks(string what) =>
        new($"The ONNX model lacks {what}. It was changed or damaged; use the file as it was written.");

    private int IndexOf(string name)
    {
        for (var i = 0; i < graph.Node.Count; i++)
        {
            if (graph.Node[i].Name == name)
                return i;
        }

        throw Lacks($"the node '{name}'");
    }
}

/// <summary>One node of an ONNX graph and its attributes.</summary>
internal sealed class OnnxNodeReader(NodeProto node)
{
    public string Name => node.Name;

    public string OpType => node.OpType;

    public IReadOnlyList<string> Inputs => node.Input;

    public bool Has(string attribute) => node.Attribute.Any(present => present.Name == attribute);

    public float Float(string attribute) => Attribute(attribute).F;

    public long Integer(string attribute) => Attribute(attribute).I;

    public IReadOnlyList<long> Integers(string attribute) => Attribute(attribute).Ints;

    public Size2D Size(string attribute) => ((int)Integers(attribute)[0], (int)Integers(attribute)[1]);

    public Size2D Size(string attribute, Size2D standard) =>
        Has(attribute) ? Size(attribute) : standard;

    public IReadOnlyList<string> Strings(string attribute) =>
        [.. Attribute(attribute).Strings.Select(text => text.ToStringUtf8())];

    private AttributeProto Attribute(string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name)
        ?? throw OnnxGraphReader.Lacks($"'{name}' of the node '{Name}'");
}
