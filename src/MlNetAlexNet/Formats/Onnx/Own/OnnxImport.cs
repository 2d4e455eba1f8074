using System.Runtime.InteropServices;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Own;

/// <summary>
/// Reads back the network out of a graph that <see cref="OnnxExport"/> wrote: the stack with its names, and the weights
/// bit for bit. <c>same</c> padding comes back as such where it pads at all.
/// </summary>
internal static class OnnxImport
{
    /// <summary>Reads to the end of the stream.</summary>
    /// <exception cref="AlexNetException">The stream is no ONNX model, or one of another program.</exception>
    public static TrainedModel Read(Stream stream) => Read(OnnxSkeleton.ParseWhole(stream), out _);

    /// <inheritdoc cref="Read(Stream)"/>
    /// <param name="model">The model, parsed already.</param>
    /// <param name="pixels">Name of the input.</param>
    public static TrainedModel Read(ModelProto model, out string pixels)
    {
        if (model.ProducerName != OnnxExport.Producer)
        {
            throw new AlexNetException(
                $"The ONNX model was written by '{model.ProducerName}'; only {OnnxExport.Producer}'s own can be read.");
        }

        var graph = new OnnxGraphReader(model.Graph);
        if (graph.IsQuantized)
        {
            throw new AlexNetException(
                "the network is quantized to 8 bits, from which its weights do not come back. Give the float32 zip it was made from");
        }

        pixels = graph.Input;
        var plan = ReadStack(graph).Plan();
        var keys = plan.Weights.Select(weight => weight.Key);
        var metadata = OnnxMetadata.Read(model);
        return new TrainedModel(
            plan,
            new WeightSet(keys.Select(key => KeyValuePair.Create(key, ReadWeight(graph.Constant(key))))),
            ReadPreprocessing(graph) with
            {
                ResizeMode = OnnxMetadata.ReadResizeMode(metadata),
                Views = OnnxMetadata.ReadViews(metadata),
            },
            graph.Node(OnnxNames.ScoreSlotNames).Strings("keys_strings"),
            (int)graph.Constant(OnnxNames.TopCount).Int64Data[0])
        {
            TrainedOn = OnnxMetadata.ReadTrainedOn(metadata),
            ChosenBy = OnnxMetadata.ReadChosenBy(metadata),
        };
    }

    private static ImagePreprocessing ReadPreprocessing(OnnxGraphReader graph)
    {
        var crop = graph.Constant(OnnxNames.CropEnds).Int64Data[0] - graph.Constant(OnnxNames.CropStarts).Int64Data[0];
        var meanImage = graph.HasConstant(OnnxNames.MeanImage) ? ReadWeight(graph.Constant(OnnxNames.MeanImage)).Values : null;
        return new ImagePreprocessing(
            (int)crop,
            meanImage is null ? ReadWeight(graph.Constant(OnnxNames.Mean)).Values : [],
            ReadWeight(graph.Constant(OnnxNames.StandardDeviation)).Values)
        {
            ImageSize = graph.InputSide,
        }.WithMeanImage(meanImage);
    }

    private static Sequential ReadStack(OnnxGraphReader graph)
    {
        var pictures = ReadPreprocessing(graph);
        var stack = new Sequential(TensorShape.Image(pictures.CropSize, pictures.CropSize, pictures.Mean.Count));
        foreach (var node in graph.NodesBetween(OnnxNames.Normalised, OnnxNames.Top))
        {
            if (!OnnxNames.IsOfAPart(node.Name) && node.Name != OnnxNames.Score) // parts of the layer before or after
            {
                var input = stack.Any() ? stack.Plan().Output : stack.Input;
                stack.Add(ReadLayer(graph, node, input) with { Name = node.Name });
            }
        }

        return stack;
    }

    private static Layer ReadLayer(OnnxGraphReader graph, OnnxNodeReader node, TensorShape input) => node.OpType switch
    {
        "Conv" => ReadConvolution(graph, node, input),
        "MaxPool" => new MaxPooling2D(
            node.Size("kernel_shape"), node.Size("strides"), ReadPadding(node, input, node.Size("kernel_shape"))),
        "AveragePool" => new AveragePooling2D(
            node.Size("kernel_shape"), node.Size("strides"), ReadPadding(node, input, node.Size("kernel_shape"))),
        "MatMul" => new AdaptiveAveragePooling2D(ReadGrid(graph, node.Name)),
        "Pad" => ReadZeroPadding(graph.Constant(node.Inputs[1])),
        "LRN" => ReadNormalization(node),
        "BatchNormalization" => ReadBatchNormalization(node),
        "LeakyRelu" => new LeakyReLU(Decimals.Recover(node.Float("alpha"))),
        "Elu" when node.Has("alpha") => new ELU(Decimals.Recover(node.Float("alpha"))),
        "Elu" => new ActivationLayer(Activation.Elu),
        "Sigmoid" => new ActivationLayer(Activation.Sigmoid),
        "Tanh" => new ActivationLayer(Activation.Tanh),
        "Identity" => new ActivationLayer(Activation.Linear),
        "Relu" => new ActivationLayer(Activation.Relu),
        "Softmax" => new ActivationLayer(Activation.Softmax),
        "Flatten" => new Flatten(),
        "Dropout" => new Dropout(ReadRate(graph.Constant(node.Inputs[1]))),
        "Gemm" => new Dense(
            units: (int)graph.Constant(node.Inputs[1]).Dims[0],
            activation: ReadActivation(graph, node),
            useBias: node.Inputs.Count > 2),
        _ => throw new AlexNetException(
            $"The ONNX model has the operator {node.OpType} ('{node.Name}'), which this version does not read."),
    };

    private static Conv2D ReadConvolution(OnnxGraphReader graph, OnnxNodeReader node, TensorShape input)
    {
        var kernel = node.Size("kernel_shape");
        var dilation = node.Size("dilations", standard: 1); // not in graphs of earlier versions
        return new Conv2D(
            filters: (int)graph.Constant(node.Inputs[1]).Dims[0],
            kernel,
            strides: node.Size("strides"),
            padding: ReadPadding(node, input, kernel.DilatedBy(dilation)),
            activation: ReadActivation(graph, node),
            groups: (int)node.Integer("group"),
            dilation,
            useBias: node.Inputs.Count > 2);
    }

    private static Activation ReadActivation(OnnxGraphReader graph, OnnxNodeReader node) =>
        Enum.GetValues<Activation>().FirstOrDefault(
            activation => OnnxNames.Activation(node.Name, activation) == graph.After(node.Name).Name);

    // A gamma of 1 or a beta of 0 that the layer does not have is called otherwise.
    private static BatchNormalization ReadBatchNormalization(OnnxNodeReader node) => new(
        momentum: Decimals.Recover(node.Float("momentum")),
        epsilon: Decimals.Recover(node.Float("epsilon")),
        center: node.Inputs[2] == $"{node.Name}/beta",
        scale: node.Inputs[1] == $"{node.Name}/gamma");

    private static Size2D ReadGrid(OnnxGraphReader graph, string layer) =>
        ((int)graph.Constant($"{layer}/rows").Dims[0], (int)graph.Constant($"{layer}/columns").Dims[1]);

    // Before and after each of batch, channels, rows and columns.
    private static ZeroPadding2D ReadZeroPadding(TensorProto constant)
    {
        var pads = constant.Int64Data;
        return new(top: (int)pads[2], bottom: (int)pads[6], left: (int)pads[3], right: (int)pads[7]);
    }

    private static LocalResponseNormalization ReadNormalization(OnnxNodeReader node)
    {
        var size = (int)node.Integer("size");
        return new LocalResponseNormalization(
            size,
            alpha: ReadAlpha(node, size),
            beta: Decimals.Recover(node.Float("beta")),
            k: Decimals.Recover(node.Float("bias")));
    }

    private static Padding ReadPadding(OnnxNodeReader node, TensorShape input, Size2D window)
    {
        var pads = node.Integers("pads"); // top, left, bottom, right
        var sides = new PaddingSides((int)pads[0], (int)pads[2], (int)pads[1], (int)pads[3]);
        return sides == default ? Padding.Valid
            : sides == Padding.Same.Resolve(input, window, node.Size("strides")) ? Padding.Same
            : Padding.Explicit(sides.Top, sides.Bottom, sides.Left, sides.Right);
    }

    private static double ReadRate(TensorProto rate) => Decimals.Recover(ReadWeight(rate).Values[0]);

    // ONNX divides the sum of squares by the size.
    private static double ReadAlpha(OnnxNodeReader node, int size) =>
        Decimals.Round(Decimals.Recover(node.Float("alpha")) / size);

    private static Weight ReadWeight(TensorProto tensor) => new(
        [.. tensor.Dims.Select(side => (int)side)],
        MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray());
}
