using Google.Protobuf;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using Onnx;
using static MlNetAlexNet.Formats.OnnxGraph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Formats;

/// <summary>
/// Writes a network as an ONNX graph that does all of the scoring: bytes of a square picture in, class probabilities
/// and names out. Nodes and weights keep the names of the stack, so that it can be read back.
/// </summary>
internal static class OnnxExport
{
    public const string Producer = "MlNetAlexNet";

    /// <summary>Writes the graph of a model; the weights go to the stream straight from memory.</summary>
    /// <param name="model">The trained network.</param>
    /// <param name="pixels">Name of the input, <c>Byte[batch, ImageSize, ImageSize, 3]</c>, interleaved RGB.</param>
    /// <param name="stream">Stays open.</param>
    /// <exception cref="AlexNetException">The parts of the model do not fit each other.</exception>
    public static void Write(TrainedModel model, string pixels, Stream stream)
    {
        using var output = new CodedOutputStream(stream, bufferSize: 1 << 16, leaveOpen: true);
        ToOnnx(model, pixels).WriteTo(output);
    }

    private static ModelProto ToOnnx(TrainedModel model, string pixels)
    {
        var size = model.Preprocessing.ImageSize;
        var classes = model.Classes;
        var graph = new OnnxGraph(Producer);

        graph.Input(pixels, DataType.Uint8, size, size, 3);
        var value = AddPreprocessing(graph, pixels, model.Preprocessing);
        foreach (var layer in model.Plan)
            value = AddLayer(graph, layer, value, model.Weights);
        AddLabels(graph, value, classes, model.TopK);

        graph.Output(OnnxColumns.Score, DataType.Float, classes.Count);
        graph.Output(OnnxColumns.TopScores, DataType.Float, model.TopK);
        graph.Output(OnnxColumns.TopLabels, DataType.String, model.TopK);
        graph.Output(OnnxColumns.BestLabel, DataType.String, 1);
        return graph.ToModel(Producer);
    }

    // Bytes are cut and turned before they become floats, four times their size.
    private static string AddPreprocessing(OnnxGraph graph, string pixels, ImagePreprocessing preprocessing)
    {
        var start = preprocessing.CropOffset;
        var end = start + preprocessing.CropSize;
        var value = graph.Add("crop", "Slice",
        [
            pixels,
            graph.Constant("crop/starts", start, start),
            graph.Constant("crop/ends", end, end),
            graph.Constant("crop/axes", 1, 2),
        ]);                                                                                    // N x crop x crop x 3
        value = graph.Add("channels_first", "Transpose", [value], Attribute("perm", 0, 3, 1, 2)); // N x 3 x crop x crop
        value = graph.Add("to_float", "Cast", [value], Attribute("to", (long)DataType.Float));
        value = graph.Add("centred", "Sub", [value, graph.Constant("mean", [.. preprocessing.Mean], 3, 1, 1)]);
        return graph.Add("normalised", "Div",
            [value, graph.Constant("standard_deviation", [.. preprocessing.StandardDeviation], 3, 1, 1)]);
    }

    private static string AddLayer(OnnxGraph graph, PlannedLayer layer, string input, WeightSet weights)
    {
        IEnumerable<string> inputs = [input, .. layer.Weights.Select(shape => AddWeight(layer.WeightName(shape)))];
        return layer.Layer switch
        {
            Conv2D conv => Activate(conv.Activation, graph.Add(layer.Name, "Conv", inputs,
                Attribute("kernel_shape", conv.Kernel.Height, conv.Kernel.Width),
                Attribute("strides", conv.Strides.Height, conv.Strides.Width),
                Attribute("dilations", conv.Dilation.Height, conv.Dilation.Width),
                Pads(conv.Padding.Resolve(layer.Input, conv.DilatedKernel, conv.Strides)),
                Attribute("group", conv.Groups))),
            MaxPooling2D pool => graph.Add(layer.Name, "MaxPool", inputs, Windows(pool)),
            // Padded places are not counted, which is ONNX' default.
            AveragePooling2D pool => graph.Add(layer.Name, "AveragePool", inputs, Windows(pool)),
            AdaptiveAveragePooling2D => OnnxGridMeans.Add(graph, layer, input),
            ZeroPadding2D { Sides: var sides } => graph.Add(layer.Name, "Pad",
                [input, graph.Constant($"{layer.Name}/pads",
                    0, 0, sides.Top, sides.Left, 0, 0, sides.Bottom, sides.Right)]),
            LocalResponseNormalization norm => graph.Add(layer.Name, "LRN", inputs,
                Attribute("size", norm.Size),
                Attribute("alpha", (float)(norm.Alpha * norm.Size)), // ONNX divides the sum by the size
                Attribute("beta", (float)norm.Beta),
                Attribute("bias", (float)norm.K)),
            ActivationLayer { Activation: var activation } => AddActivation(activation),
            Flatten => graph.Add(layer.Name, "Flatten", inputs),
            // Without training_mode it passes everything through; it is there for the sake of retraining.
            Dropout dropout => graph.Add(layer.Name, "Dropout",
                [input, graph.Constant($"{layer.Name}/rate", (float[])[(float)dropout.Rate])]),
            Dense dense => Activate(dense.Activation, graph.Add(layer.Name, "Gemm", inputs, Attribute("transB", 1))),
            _ => throw new NotSupportedException($"{layer.Layer.TypeName} has no ONNX form."),
        };

        string AddWeight(string key) => graph.Constant(key, weights[key].Values, weights[key].Dimensions);

        string AddActivation(Activation activation)
        {
            var (operation, output) = activation switch
            {
                Activation.Linear => ("Identity", layer.Name),
                Activation.Relu => ("Relu", layer.Name),
                Activation.Softmax => ("Softmax", OnnxColumns.Score),
                _ => throw new NotSupportedException($"Activation {activation} has no ONNX form."),
            };
            graph.Add(layer.Name, operation, inputs, [output]);
            return output;
        }

        AttributeProto[] Windows(Pooling2D pool) =>
        [
            Attribute("kernel_shape", pool.PoolSize.Height, pool.PoolSize.Width),
            Attribute("strides", pool.Strides.Height, pool.Strides.Width),
            Pads(pool.Padding.Resolve(layer.Input, pool.PoolSize, pool.Strides)),
        ];

        string Activate(Activation activation, string value) => activation switch
        {
            Activation.Linear => value,
            Activation.Relu => graph.Add($"{layer.Name}/relu", "Relu", [value]),
            Activation.Softmax => graph.Add(OnnxColumns.Score, "Softmax", [value]),
            _ => throw new NotSupportedException($"Activation {activation} has no ONNX form."),
        };
    }

    private static AttributeProto Pads(PaddingSides sides) =>
        Attribute("pads", sides.Top, sides.Left, sides.Bottom, sides.Right);

    private static void AddLabels(OnnxGraph graph, string score, IReadOnlyList<string> classes, int topK)
    {
        var indices = Enumerable.Range(0, classes.Count).Select(index => (long)index).ToArray();
        graph.Add("top", "TopK", [score, graph.Constant("top/k", topK)], [OnnxColumns.TopScores, "top/indices"]);
        graph.Add(OnnxColumns.TopLabels, "LabelEncoder", ["top/indices"],
            Attribute("keys_int64s", indices), Attribute("values_strings", classes));
        graph.Add(OnnxColumns.BestLabel, "Slice",
        [
            OnnxColumns.TopLabels,
            graph.Constant("best/starts", 0),
            graph.Constant("best/ends", 1),
            graph.Constant("best/axes", 1),
        ]);
        graph.Add(OnnxColumns.ScoreSlotNames, "LabelEncoder", [OnnxColumns.BestLabel],
            Attribute("keys_strings", classes), Attribute("values_int64s", indices));
    }
}
