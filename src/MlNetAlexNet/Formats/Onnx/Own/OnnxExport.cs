using Google.Protobuf;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using Onnx;
using static MlNetAlexNet.Formats.Onnx.Graph.OnnxGraph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Formats.Onnx.Own;

/// <summary>
/// Makes of a network an ONNX graph that does all of the scoring: bytes of a square picture in, class probabilities
/// and names out. Nodes and weights keep the names of the stack, so that it can be read back.
/// </summary>
internal static class OnnxExport
{
    public const string Producer = "MlNetAlexNet";

    /// <summary>
    /// Makes the graph of a model; the weights go where it is written straight from memory. Batch normalizations are
    /// worked into other layers where that is exact (<see cref="BatchNormalizationFold"/>).
    /// </summary>
    /// <param name="model">The trained network.</param>
    /// <param name="pixels">Name of the input, <c>Byte[batch, ImageSize, ImageSize, 3]</c>, interleaved RGB.</param>
    /// <param name="observed">Of <see cref="ListActivations"/> those that are outputs, too. Default none.</param>
    /// <param name="folds">False to keep every batch normalization as it is. Default true.</param>
    /// <exception cref="AlexNetException">A layer is called as a part of the graph.</exception>
    public static ScoringGraph Create(
        TrainedModel model, string pixels = OnnxNames.Pixels, IReadOnlyList<string>? observed = null, bool folds = true)
    {
        if (folds)
            model = BatchNormalizationFold.Fold(model);
        var graph = Begin(model, pixels);
        var value = OnnxPictures.AddNormalisation(graph, OnnxPictures.AddBytes(graph, pixels, model.Preprocessing), model.Preprocessing);
        foreach (var layer in model.Plan)
            value = AddLayer(graph, layer, value, model.Weights);

        foreach (var name in observed ?? [])
            graph.Observe(name);
        return End(graph, value, model);
    }

    /// <summary>
    /// The names of what the layers give, before and after their activations, but for the last one's probabilities and
    /// for layers that only pass values on.
    /// </summary>
    public static IEnumerable<string> ListActivations(LayerPlan plan) => plan
        .SkipLast(1)
        .Where(layer => layer.Layer is not (MaxPooling2D or Flatten or Dropout))
        .SelectMany(layer => (string[])[NameSums(layer), NameResult(layer)])
        .Distinct();

    /// <summary>The name of what a layer gives, after its activation.</summary>
    public static string NameResult(PlannedLayer layer) => layer.Layer switch
    {
        WeightedLayer { Activation: not Activation.Linear and var activation } =>
            OnnxNames.Activation(layer.Name, activation),
        _ => layer.Name,
    };

    /// <summary>The name of what a layer gives before its activation; a ReLU, which is only an end of the range, comes first.</summary>
    public static string NameSums(PlannedLayer layer) =>
        layer.Layer is WeightedLayer { Activation: Activation.Relu } ? NameResult(layer) : layer.Name;

    /// <summary>A graph with its input.</summary>
    internal static OnnxGraph Begin(TrainedModel model, string pixels)
    {
        var size = model.Preprocessing.ImageSize;
        var graph = new OnnxGraph(Producer);
        graph.Input(pixels, DataType.Uint8, size, size, 3);
        return graph;
    }

    /// <summary>Adds names to the probabilities and declares the outputs.</summary>
    internal static ScoringGraph End(OnnxGraph graph, string score, TrainedModel model)
    {
        AddLabels(graph, score, model.Classes, model.TopK);
        graph.Output(OnnxNames.Score, DataType.Float, model.Classes.Count);
        graph.Output(OnnxNames.TopScores, DataType.Float, model.TopK);
        graph.Output(OnnxNames.TopLabels, DataType.String, model.TopK);
        graph.Output(OnnxNames.BestLabel, DataType.String, 1);
        var onnx = graph.ToModel(Producer);
        OnnxMetadata.Write(onnx, model);
        OnnxViews.Set(onnx, model.Preprocessing.Views);
        return ToScoringGraph(onnx);
    }

    /// <summary>The graph as it is written.</summary>
    internal static ScoringGraph ToScoringGraph(ModelProto onnx) => new(onnx.CalculateSize(), stream =>
    {
        using var output = new CodedOutputStream(stream, bufferSize: 1 << 16, leaveOpen: true);
        onnx.WriteTo(output);
    });

    /// <summary>A layer in floats.</summary>
    internal static string AddLayer(OnnxGraph graph, PlannedLayer layer, string input, WeightSet weights)
    {
        IEnumerable<string> inputs = [input, .. layer.Weights.Select(shape => AddWeight(layer.GetWeightName(shape)))];
        return layer.Layer switch
        {
            Conv2D conv => Activate(
                graph, layer, graph.Add(layer.Name, "Conv", inputs, DescribeConvolution(layer, conv))),
            MaxPooling2D pool => graph.Add(layer.Name, "MaxPool", [Apart(input)], Windows(pool)),
            // Padded places are not counted, which is ONNX' default.
            AveragePooling2D pool => graph.Add(layer.Name, "AveragePool", [Apart(input)], Windows(pool)),
            AdaptiveAveragePooling2D => OnnxGridMeans.Add(graph, layer, input),
            ZeroPadding2D { Sides: var sides } => graph.Add(layer.Name, "Pad",
                [input, graph.Constant($"{layer.Name}/pads",
                    0, 0, sides.Top, sides.Left, 0, 0, sides.Bottom, sides.Right)]),
            LocalResponseNormalization norm => graph.Add(layer.Name, "LRN", inputs,
                Attribute("size", norm.Size),
                Attribute("alpha", (float)(norm.Alpha * norm.Size)), // ONNX divides the sum by the size
                Attribute("beta", (float)norm.Beta),
                Attribute("bias", (float)norm.K)),
            BatchNormalization norm => graph.Add(layer.Name, "BatchNormalization",
                [
                    input,
                    norm.Scale ? $"{layer.Name}/gamma" : AddFilled("ones", 1),
                    norm.Center ? $"{layer.Name}/beta" : AddFilled("zeros", 0),
                    $"{layer.Name}/moving_mean",
                    $"{layer.Name}/moving_variance",
                ],
                Attribute("epsilon", (float)norm.Epsilon),
                Attribute("momentum", (float)norm.Momentum)),
            LeakyReLU leaky => graph.Add(layer.Name, "LeakyRelu", inputs, Attribute("alpha", (float)leaky.NegativeSlope)),
            ELU elu => graph.Add(layer.Name, "Elu", inputs, Attribute("alpha", (float)elu.Alpha)),
            ActivationLayer { Activation: var activation } => AddActivation(graph, layer.Name, activation, input),
            Flatten => graph.Add(layer.Name, "Flatten", inputs),
            // Without training_mode it passes everything through; it is there for the sake of retraining.
            Dropout dropout => graph.Add(layer.Name, "Dropout",
                [input, graph.Constant($"{layer.Name}/rate", (float[])[(float)dropout.Rate])]),
            Dense => Activate(graph, layer, graph.Add(layer.Name, "Gemm", inputs, Attribute("transB", 1))),
            _ => throw new NotSupportedException($"{layer.Layer.TypeName} has no ONNX form."),
        };

        string AddWeight(string key) => graph.Constant(key, weights[key].Values, weights[key].Dimensions);

        string AddFilled(string part, float value)
        {
            var values = new float[layer.Input.Channels];
            Array.Fill(values, value);
            return graph.Constant($"{layer.Name}/{part}", values, values.Length);
        }

        // ONNX Runtime works a Pad into the pooling behind it, and then refuses one as wide as the window (pad_fusion.cc);
        // a Clip without bounds keeps them apart.
        string Apart(string value) => graph.IsPadded(value) ? graph.Add($"{layer.Name}/padded", "Clip", [value]) : value;

        AttributeProto[] Windows(Pooling2D pool) =>
        [
            Attribute("kernel_shape", pool.PoolSize.Height, pool.PoolSize.Width),
            Attribute("strides", pool.Strides.Height, pool.Strides.Width),
            Pads(pool.Padding.Resolve(layer.Input, pool.PoolSize, pool.Strides)),
        ];
    }

    /// <summary>The activation of a convolution or a dense layer, in floats.</summary>
    internal static string Activate(OnnxGraph graph, PlannedLayer layer, string value) =>
        ((WeightedLayer)layer.Layer).Activation switch
        {
            Activation.Linear => value,
            var activation => AddActivation(graph, OnnxNames.Activation(layer.Name, activation), activation, value),
        };

    // The last one, a softmax, is called by what it gives.
    private static string AddActivation(OnnxGraph graph, string name, Activation activation, string value)
    {
        var output = activation == Activation.Softmax ? OnnxNames.Score : name;
        graph.Add(name, NameOperator(activation), [value], [output]);
        return output;
    }

    private static string NameOperator(Activation activation) => activation switch
    {
        Activation.Linear => "Identity",
        Activation.Relu => "Relu",
        Activation.Softmax => "Softmax",
        Activation.Sigmoid => "Sigmoid",
        Activation.Tanh => "Tanh",
        Activation.Elu => "Elu", // of alpha 1, ONNX' default
        _ => throw new NotSupportedException($"Activation {activation} has no ONNX form."),
    };

    /// <summary>How a convolution goes over its input, in floats and in 8 bits alike.</summary>
    internal static AttributeProto[] DescribeConvolution(PlannedLayer layer, Conv2D conv) =>
    [
        Attribute("kernel_shape", conv.Kernel.Height, conv.Kernel.Width),
        Attribute("strides", conv.Strides.Height, conv.Strides.Width),
        Attribute("dilations", conv.Dilation.Height, conv.Dilation.Width),
        Pads(conv.Padding.Resolve(layer.Input, conv.DilatedKernel, conv.Strides)),
        Attribute("group", conv.Groups),
    ];

    private static AttributeProto Pads(PaddingSides sides) =>
        Attribute("pads", sides.Top, sides.Left, sides.Bottom, sides.Right);

    private static void AddLabels(OnnxGraph graph, string score, IReadOnlyList<string> classes, int topK)
    {
        var indices = Enumerable.Range(0, classes.Count).Select(index => (long)index).ToArray();
        graph.Add(
            OnnxNames.Top, "TopK", [score, graph.Constant(OnnxNames.TopCount, topK)],
            [OnnxNames.TopScores, OnnxNames.TopIndices]);
        graph.Add(OnnxNames.TopLabels, "LabelEncoder", [OnnxNames.TopIndices],
            Attribute("keys_int64s", indices), Attribute("values_strings", classes));
        graph.Add(OnnxNames.BestLabel, "Slice",
        [
            OnnxNames.TopLabels,
            graph.Constant("best/starts", 0),
            graph.Constant("best/ends", 1),
            graph.Constant("best/axes", 1),
        ]);
        graph.Add(OnnxNames.ScoreSlotNames, "LabelEncoder", [OnnxNames.BestLabel],
            Attribute("keys_strings", classes), Attribute("values_int64s", indices));
    }
}
