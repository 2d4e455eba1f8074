using MlNetAlexNet.Layers;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>Builds a stack of the nodes of a graph in their order. A node that is not here is refused by name.</summary>
internal sealed class ForeignStack
{
    private readonly ForeignConstants _constants;
    private readonly List<ForeignPart> _parts = [];
    private readonly TensorShape _input;

    private ForeignStack(ForeignConstants constants, TensorShape input) =>
        (_constants, _input, Shape) = (constants, input, input);

    /// <summary>What the last layer gives.</summary>
    private TensorShape Shape { get; set; }

    public static ModelFileContent Read(GraphProto graph, ForeignConstants constants)
    {
        var stack = new ForeignStack(constants, InputShape(ForeignChain.Input(graph, constants)));
        foreach (var node in ForeignChain.Order(graph, constants))
        {
            try
            {
                stack.Add(node);
            }
            catch (AlexNetException fault) when (!fault.Message.Contains(node.ToString(), StringComparison.Ordinal))
            {
                throw new AlexNetException($"its node {node} cannot be taken over: {fault.Message}", fault);
            }
        }

        return stack.ToModel();
    }

    private void Add(ForeignNode node)
    {
        switch (node.Operator)
        {
            case "Conv": Push(ForeignLayers.ReadConvolution(node, _constants, Shape)); break;
            case "Gemm" or "MatMul": Push(ForeignLayers.ReadProduct(node, _constants)); break;
            case "Add": Replace(ForeignLayers.AddBias(node, _constants, Last)); break;
            case "BatchNormalization": Replace(ForeignLayers.FoldNormalization(node, _constants, Last)); break;
            case "Relu": AddRelu(); break;
            case "Softmax": AddSoftmax(node); break;
            case "MaxPool": Push(new(ForeignLayers.ReadMaxPooling(node, Shape))); break;
            case "AveragePool": ForeignLayers.ReadAveragePooling(node, Shape).ForEach(layer => Push(new(layer))); break;
            case "GlobalAveragePool": Push(new(new AdaptiveAveragePooling2D(1))); break;
            case "LRN": Push(new(ForeignLayers.ReadResponseNormalization(node))); break;
            case "Pad": Push(new(ForeignLayers.ReadZeroPadding(node, _constants))); break;
            case "Flatten" or "Reshape":
                ForeignLayers.RequireFlatten(node, _constants, Shape);
                if (!Shape.IsFlat)
                    Push(new(new Flatten()));
                break;
            case "Dropout": Push(new(ForeignLayers.ReadDropout(node, _constants))); break;
            case "Identity": break;
            default: throw node.Refused($"is no layer this library knows; it cannot take over the network");
        }
    }

    private ForeignPart? Last => _parts.Count > 0 ? _parts[^1] : null;

    private void Push(ForeignPart part)
    {
        Shape = part.Layer.ComputeOutputShape(Shape);
        _parts.Add(part);
    }

    // What is worked into a layer leaves its shape as it is.
    private void Replace(ForeignPart part) => _parts[^1] = part;

    private void AddRelu()
    {
        if (Last is { IsLinear: true } linear)
            Replace(linear.With(Activation.Relu));
        else
            Push(new(new ActivationLayer(Activation.Relu)));
    }

    private void AddSoftmax(ForeignNode node)
    {
        if (!Shape.IsFlat || node.Integer("axis", 1) is not (1 or -1))
        {
            throw node.Refused(
                $"is over axis {node.Integer("axis", 1)} of {Shape}; only one over the values of a vector can be taken over");
        }

        if (Last is { IsLinear: true } linear)
            Replace(linear.With(Activation.Softmax));
        else
            Push(new(new ActivationLayer(Activation.Softmax)));
    }

    private ModelFileContent ToModel()
    {
        var plan = new Sequential(_input, _parts.Select(part => part.Layer)).Plan();
        var weights = _parts.Zip(plan, (part, planned) => part.Weights(planned.Name)).SelectMany(pairs => pairs);
        return new ModelFileContent(plan, new WeightSet(weights), Ignored: []);
    }

    private static TensorShape InputShape(ValueInfoProto input)
    {
        var type = input.Type?.TensorType;
        var sides = type?.Shape?.Dim.Select(side => side.DimValue).ToArray() ?? [];
        return type?.ElemType == (int)TensorProto.Types.DataType.Float && sides.Length == 4
            && sides.Skip(1).All(side => side is >= 1 and <= int.MaxValue)
            ? TensorShape.Image((int)sides[2], (int)sides[3], (int)sides[1])
            : throw new AlexNetException(
                $"its input '{input.Name}' is not a batch of images of fixed size, channels x height x width of 32-bit numbers. "
                + "Export it with a fixed picture size.");
    }
}
