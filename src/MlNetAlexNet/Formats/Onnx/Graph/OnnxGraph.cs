using Google.Protobuf;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Graph;

/// <summary>An ONNX graph under construction: nodes in the order they run, each named after what it computes.</summary>
internal sealed class OnnxGraph(string name)
{
    /// <summary>The version of ONNX' own operators.</summary>
    private const int Opset = 13;

    /// <summary>The first dimension of every value: pictures scored together.</summary>
    private const string Batch = "batch";

    private readonly GraphProto _graph = new() { Name = name };
    private readonly HashSet<string> _values = [];
    private ModelProto _versions = new();

    /// <summary>Declares an input; returns its name.</summary>
    public string Input(string name, TensorProto.Types.DataType type, params ReadOnlySpan<int> sides)
    {
        _graph.Input.Add(Value(New(name), type, sides));
        return name;
    }

    /// <summary>Declares a computed value as an output.</summary>
    public void Output(string name, TensorProto.Types.DataType type, params ReadOnlySpan<int> sides) =>
        _graph.Output.Add(Value(name, type, sides));

    /// <summary>Makes a computed value of floats an output whose shape is left to the runtime.</summary>
    public void Observe(string name) => _graph.Output.Add(new ValueInfoProto
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float },
        },
    });

    /// <summary>Adds a node with one output, called like the node; returns that name.</summary>
    public string Add(string name, string operation, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        Add(name, operation, inputs, [name], attributes);
        return name;
    }

    /// <summary>Adds a node.</summary>
    public void Add(
        string name,
        string operation,
        IEnumerable<string> inputs,
        IEnumerable<string> outputs,
        params AttributeProto[] attributes)
    {
        var node = new NodeProto { Name = name, OpType = operation };
        node.Domain = DomainOf(operation);
        node.Input.Add(inputs);
        node.Output.Add(outputs.Select(New));
        node.Attribute.Add(attributes);
        _graph.Node.Add(node);
    }

    /// <summary>Whether a value comes out of a Pad, but for nodes that do nothing in scoring.</summary>
    public bool IsPadded(string value)
    {
        var node = _graph.Node.LastOrDefault(made => made.Output.Contains(value));
        return node is { OpType: "Pad" } || (node is { OpType: "Dropout" or "Identity" } && IsPadded(node.Input[0]));
    }

    /// <summary>Adds a constant of floats; it shares their memory.</summary>
    public string Constant(string name, float[] values, params IEnumerable<int> dimensions)
    {
        var tensor = new TensorProto
        {
            Name = New(name),
            DataType = (int)TensorProto.Types.DataType.Float,
            RawData = FloatBytes.Of(values),
        };
        tensor.Dims.Add(dimensions.Select(side => (long)side));
        _graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Adds a constant by its little-endian bytes; it shares their memory.</summary>
    public string Constant(
        string name, TensorProto.Types.DataType type, ReadOnlyMemory<byte> bytes, params IEnumerable<int> dimensions)
    {
        var tensor = new TensorProto
        {
            Name = New(name),
            DataType = (int)type,
            RawData = UnsafeByteOperations.UnsafeWrap(bytes),
        };
        tensor.Dims.Add(dimensions.Select(side => (long)side));
        _graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Adds a constant vector of integers.</summary>
    public string Constant(string name, params IEnumerable<long> values)
    {
        var tensor = new TensorProto { Name = New(name), DataType = (int)TensorProto.Types.DataType.Int64 };
        tensor.Int64Data.Add(values);
        tensor.Dims.Add(tensor.Int64Data.Count);
        _graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Adds a node of another program's graph.</summary>
    public void Include(NodeProto node)
    {
        foreach (var output in node.Output.Where(output => output.Length > 0))
            New(output);
        _graph.Node.Add(node);
    }

    /// <summary>Adds a constant of another program's graph.</summary>
    public void Include(TensorProto tensor)
    {
        New(tensor.Name);
        _graph.Initializer.Add(tensor);
    }

    /// <summary>Makes the model one of the versions of another program's, whose nodes are included.</summary>
    /// <exception cref="AlexNetException">They are of a version that nodes of ours cannot stand in.</exception>
    public void Require(ModelProto model)
    {
        var own = model.OpsetImport.Where(opset => opset.Domain is "" or "ai.onnx").Select(opset => opset.Version).DefaultIfEmpty(1).Max();
        if (own < Opset)
            throw new AlexNetException($"its network is of version {own} of ONNX' operators; of 8 bits, those from {Opset} on are taken.");

        _versions = model;
    }

    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Attribute(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    public static AttributeProto Attribute(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values.ToArray());
        return attribute;
    }

    public static AttributeProto Attribute(string name, IEnumerable<string> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Strings };
        attribute.Strings.Add(values.Select(ByteString.CopyFromUtf8));
        return attribute;
    }

    /// <summary>
    /// The finished model: opset 13 of ai.onnx and 2 of ai.onnx.ml, as in ONNX 1.8, and the operators of ONNX Runtime's own
    /// domain com.microsoft.
    /// </summary>
    public ModelProto ToModel(string producer) => new()
    {
        IrVersion = Math.Max(7, _versions.IrVersion),
        ProducerName = producer,
        OpsetImport = { Version("", Opset), Version("ai.onnx.ml", 2), Version("com.microsoft", 1) },
        Graph = _graph,
    };

    private OperatorSetIdProto Version(string domain, long least) => new()
    {
        Domain = domain,
        Version = _versions.OpsetImport.Where(opset => opset.Domain == domain || (domain == "" && opset.Domain == "ai.onnx"))
            .Select(opset => opset.Version).Append(least).Max(),
    };

    // Layers are called as the user likes, all else as the export does.
    private string New(string value) => _values.Add(value)
        ? value
        : throw new AlexNetException(
            $"A layer is called '{value}', as is something else in the ONNX graph that scores. Give it another name.");

    private static string DomainOf(string operation) => operation switch
    {
        "LabelEncoder" => "ai.onnx.ml",
        "QGemm" => "com.microsoft",
        _ => "",
    };

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, ReadOnlySpan<int> sides)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = Batch } } };
        foreach (var side in sides)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = side });

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
