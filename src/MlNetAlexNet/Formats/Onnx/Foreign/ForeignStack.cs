using MlNetAlexNet.Layers;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>Builds a stack of the nodes of a graph in their order. A node that is not here is refused by name.</summary>
internal sealed class ForeignStack
{
    private readonly ForeignInput _input;
    private readonly ForeignConstants _constants;
    private readonly List<ForeignPart> _parts = [];
    private readonly List<string> _assumed = [];
    private readonly List<string> _normalizing = [];
    private ForeignAffine _normalization;
    private ForeignAffine? _lastAffine;
    private ForeignView _view;

    private ForeignStack(ForeignInput input, ForeignConstants constants)
    {
        (_input, _constants, _view) = (input, constants, input.View);
        _normalization = ForeignAffine.None(input.View.Shape.Channels);
    }

    public static ModelFileContent Read(ModelProto model, ForeignConstants constants)
    {
        var input = ForeignInput.Read(model, constants);
        var stack = new ForeignStack(input, constants);
        foreach (var node in ForeignChain.Order(model.Graph, constants))
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
            case "Conv": Push(ForeignLayers.ReadConvolution(node, _constants, Image(node))); break;
            case "Gemm" or "MatMul": Push(ForeignLayers.ReadProduct(node, _constants, Vector())); break;
            case "BatchNormalization": Push(ForeignLayers.ReadNormalization(node, _constants, ChannelsSecond(node))); break;
            case "Add" or "Sub" or "Mul" or "Div": Add(ForeignAffine.Read(node, _constants, _view), node); break;
            case "Relu": Activate(Activation.Relu); break;
            case "Sigmoid": Activate(Activation.Sigmoid); break;
            case "Tanh": Activate(Activation.Tanh); break;
            case "Elu" when node.Float("alpha", 1) == 1: Activate(Activation.Elu); break;
            case "Elu": Push(new(new ELU(node.Float("alpha", 1)))); break;
            case "LeakyRelu": Push(new(new LeakyReLU(node.Float("alpha", 0.01)))); break;
            case "Softmax" or "LogSoftmax": AddSoftmax(node); break;
            case "MaxPool": Push(new(ForeignLayers.ReadMaxPooling(node, Image(node)))); break;
            case "AveragePool": ForeignLayers.ReadAveragePooling(node, Image(node)).ForEach(layer => Push(new(layer))); break;
            case "GlobalAveragePool": Image(node); Push(new(new AdaptiveAveragePooling2D(1))); break;
            case "GlobalMaxPool": Push(new(new MaxPooling2D((Image(node).Height, _view.Shape.Width)))); break;
            case "ReduceMean": Reduce(node); break;
            case "LRN": Image(node); Push(new(ForeignLayers.ReadResponseNormalization(node))); break;
            case "Pad": Push(new(ForeignLayers.ReadZeroPadding(node, _constants, _view))); break;
            case "Flatten" or "Reshape": Reshape(node); break;
            case "Transpose": _view = _view.Transpose(node); break;
            case "Squeeze": _view = _view.Squeeze(node, Axes(node)); break;
            case "Unsqueeze": _view = _view.Unsqueeze(node, Axes(node)); break;
            case "Dropout": Push(new(ForeignLayers.ReadDropout(node, _constants))); break;
            case "Cast": Cast(node); break;
            case "Identity": break;
            default: throw node.Refused($"is no layer this library knows; it cannot take over the network");
        }
    }

    private ForeignPart? Last => _parts.Count > 0 ? _parts[^1] : null;

    private void Push(ForeignPart part)
    {
        _view = part.Layer is Dense ? new(part.Layer.ComputeOutputShape(_view.Shape), "NF")
            : _view with { Shape = part.Layer.ComputeOutputShape(_view.Shape) };
        _parts.Add(part);
        _lastAffine = null;
    }

    // What is worked into a layer leaves its shape as it is.
    private void Replace(ForeignPart part) => _parts[^1] = part;

    private TensorShape Image(ForeignNode node) => _view.Shape.IsFlat || _view.IsChannelsFirst
        ? _view.Shape // a vector is refused by the layer itself
        : throw node.Refused($"takes {_view.Shape} with its axes as {_view.Axes}; images are batch x channels x height x width");

    // What has lost its sides of one is a vector in the graph, without a node that says so.
    private ForeignView Vector()
    {
        if (!_view.Shape.IsFlat && _view.Axes == "NC")
            Flatten(_view.Flatten());
        return _view;
    }

    private ForeignView ChannelsSecond(ForeignNode node) => _view.Axes.Length > 1 && _view.Axes[1] is 'C' or 'F'
        ? _view
        : throw node.Refused($"takes {_view.Shape} with its axes as {_view.Axes}; it normalizes the second");

    private IReadOnlyList<long> Axes(ForeignNode node) => node.Input(1) is { } name ? _constants.Integers(node, name)
        : node.Has("axes") ? node.Integers("axes")
        : throw node.Refused("does not say over which axes it goes");

    private void Activate(Activation activation)
    {
        if (Last is { IsLinear: true } linear)
            Replace(linear.With(activation));
        else
            Push(new(new ActivationLayer(activation)));
    }

    private void AddSoftmax(ForeignNode node)
    {
        var (axis, rank) = (node.Integer("axis", _input.SoftmaxAxis), _view.Axes.Length);
        if (_view.Shape is { IsFlat: false, Height: 1, Width: 1 } && axis is 1 && _view.Axes.StartsWith("NC", StringComparison.Ordinal))
        {
            Flatten(_view.Flatten());
            _view = _view with { Axes = "NF" + new string('1', rank - 2) };
        }

        Vector();
        if (!_view.Shape.IsFlat || _view.Axes.ElementAtOrDefault((int)(axis < 0 ? axis + rank : axis)) != 'F' || _view.IsReordered)
        {
            throw node.Refused(
                $"is over axis {axis} of {_view.Shape}; only one over the values of a vector can be taken over");
        }

        if (node.Operator == "LogSoftmax")
            _assumed.Add("probabilities where the file gives their logarithms");
        if (Last is { IsLinear: true } linear)
            Replace(linear.With(Activation.Softmax));
        else
            Push(new(new ActivationLayer(Activation.Softmax)));
    }

    // Before the first layer it is what happens to a picture, behind products a part of them, elsewhere a normalization.
    private void Add(ForeignAffine affine, ForeignNode node)
    {
        if (_parts.Count == 0)
        {
            _normalization = _normalization.Then(affine);
            _normalizing.Add(node.ToString());
        }
        else if (Last is { IsLinear: true } linear && !_view.IsReordered)
        {
            Replace(linear.With(affine));
        }
        else
        {
            var both = _lastAffine is { } last ? last.Then(affine) : affine;
            if (_lastAffine is null)
                Push(ForeignLayers.ReadNormalization(both));
            else
                Replace(ForeignLayers.ReadNormalization(both));
            _lastAffine = both;
            _assumed.Add($"the node {node} as a batch normalization");
        }
    }

    private void Reduce(ForeignNode node)
    {
        var reduced = _view.Reduce(node, Axes(node), node.Integer("keepdims", 1) != 0);
        Push(new(new AdaptiveAveragePooling2D(1)));
        _view = reduced;
    }

    private void Reshape(ForeignNode node)
    {
        if (node.Operator == "Flatten")
        {
            var axis = node.Integer("axis", 1);
            Flatten((axis < 0 ? axis + _view.Axes.Length : axis) == 1
                ? _view.Flatten()
                : throw node.Refused($"makes something else of {_view.Shape} than a vector for each picture"));
            return;
        }

        var sides = node.Input(1) is { } name ? _constants.Shape(node, name) : node.Integers("shape");
        var isOfZeros = sides.Contains(0) && node.Integer("allowzero", 0) != 0;
        var resolved = sides.Select((side, axis) => side == 0 && axis > 0 ? _view.SideAt(axis) : side).ToArray();
        if (isOfZeros || resolved.Length < 2 || !_input.IsBatch(resolved[0], resolved.Skip(1).Contains(-1)))
        {
            throw node.Refused(
                $"makes something else of {_view.Shape} than a vector for each picture: [{string.Join(", ", sides.Take(6))}]");
        }

        Flatten(_view.Reshape(node, resolved));
    }

    private void Flatten(ForeignView flattened)
    {
        if (flattened.Shape.IsFlat && !_view.Shape.IsFlat)
            Push(new(new Flatten()));
        _view = flattened;
    }

    private void Cast(ForeignNode node)
    {
        var type = (DataType)node.Integer("to", 0);
        if (type is not (DataType.Float or DataType.Float16 or DataType.Double))
            throw node.Refused($"makes {type} of its values");

        if (type != DataType.Float && !_assumed.Contains(ForeignInput.OtherPrecision))
            _assumed.Add(ForeignInput.OtherPrecision);
    }

    private ModelFileContent ToModel()
    {
        Vector();
        if (_view.IsReordered)
            throw new AlexNetException("it gives its values in the order of an image with its channels last.");

        if (!_normalization.IsOfDeviations)
        {
            _parts.Insert(0, ForeignLayers.ReadNormalization(_normalization));
            _normalization = ForeignAffine.None(_input.View.Shape.Channels);
        }

        var plan = new Sequential(_input.View.Shape, _parts.Select(part => part.Layer)).Plan();
        var weights = _parts.Zip(plan, (part, planned) => part.Weights
            .Select(weight => KeyValuePair.Create($"{planned.Name}/{weight.Name}", weight.Weight)));
        IEnumerable<string> rounded = _constants.HasRounded ? [NumberFormat.Rounding] : [];
        return new ModelFileContent(plan, new WeightSet(weights.SelectMany(pairs => pairs)), Ignored: [])
        {
            Assumed = [.. rounded, .. _input.Assumed.Union(_assumed)],
            Normalization = _normalization.ToNormalization(Source, _input.IsOfBytes),
            Origin = _input.Origin,
        };
    }

    private string Source => _normalizing.Count == 0
        ? "the graph's input of bytes"
        : $"the graph's {string.Join(" and ", _normalizing.Take(3))}";
}
