using System.Runtime.InteropServices;
using Google.Protobuf;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using Onnx;

namespace MlNetAlexNet.Formats;

/// <summary>
/// Reads back the network out of a graph that <see cref="OnnxExport"/> wrote: the stack with its names, and the weights
/// bit for bit. <c>same</c> padding comes back as such where it pads at all.
/// </summary>
internal static class OnnxImport
{
    /// <summary>Reads to the end of the stream.</summary>
    /// <exception cref="AlexNetException">The stream is no ONNX model, or one of another program.</exception>
    public static TrainedModel Read(Stream stream) => Read(stream, out _);

    /// <inheritdoc cref="Read(Stream)"/>
    /// <param name="stream">The model.</param>
    /// <param name="pixels">Name of the input.</param>
    public static TrainedModel Read(Stream stream, out string pixels)
    {
        var model = Parse(stream);
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
        return new TrainedModel(
            plan,
            new WeightSet(keys.Select(key => KeyValuePair.Create(key, ReadWeight(graph.Constant(key))))),
            ReadPreprocessing(graph),
            graph.Node(OnnxColumns.ScoreSlotNames).Strings("keys_strings"),
            (int)graph.Constant("top/k").Int64Data[0]);
    }

    private static ModelProto Parse(Stream stream)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new AlexNetException($"The data is no ONNX model: {fault.Message}", fault);
        }
    }

    private static ImagePreprocessing ReadPreprocessing(OnnxGraphReader graph)
    {
        var crop = graph.Constant("crop/ends").Int64Data[0] - graph.Constant("crop/starts").Int64Data[0];
        return new ImagePreprocessing(
            (int)crop,
            ReadWeight(graph.Constant("mean")).Values,
            ReadWeight(graph.Constant("standard_deviation")).Values)
        {
            ImageSize = graph.InputSide,
        };
    }

    private static Sequential ReadStack(OnnxGraphReader graph)
    {
        var side = ReadPreprocessing(graph).CropSize;
        var stack = new Sequential(TensorShape.Image(side, side, 3));
        foreach (var node in graph.NodesBetween("normalised", "top"))
        {
            if (node.OpType is not ("Relu" or "Softmax")) // these belong to the layer before
                stack.Add(ReadLayer(graph, node, stack.Any() ? stack.Plan().Output : stack.Input));
        }

        return stack;
    }

    private static Layer ReadLayer(OnnxGraphReader graph, OnnxNodeReader node, TensorShape input) => node.OpType switch
    {
        "Conv" => new Conv2D(
            filters: (int)graph.Constant(node.Inputs[1]).Dims[0],
            kernel: node.Size("kernel_shape"),
            strides: node.Size("strides"),
            padding: ReadPadding(node, input),
            activation: ReadActivation(graph, node),
            groups: (int)node.Integer("group"))
        { Name = node.Name },
        "MaxPool" => new MaxPooling2D(node.Size("kernel_shape"), node.Size("strides"), ReadPadding(node, input))
        { Name = node.Name },
        "Flatten" => new Flatten { Name = node.Name },
        "Dropout" => new Dropout(ReadRate(graph.Constant(node.Inputs[1]))) { Name = node.Name },
        "Gemm" => new Dense((int)graph.Constant(node.Inputs[1]).Dims[0], ReadActivation(graph, node))
        { Name = node.Name },
        _ => throw new AlexNetException(
            $"The ONNX model has the operator {node.OpType} ('{node.Name}'), which this version does not read."),
    };

    private static Activation ReadActivation(OnnxGraphReader graph, OnnxNodeReader node) =>
        graph.After(node.Name).OpType switch
        {
            "Relu" => Activation.Relu,
            "Softmax" => Activation.Softmax,
            _ => Activation.Linear,
        };

    private static Padding ReadPadding(OnnxNodeReader node, TensorShape input)
    {
        var pads = node.Integers("pads"); // top, left, bottom, right
        var sides = new PaddingSides((int)pads[0], (int)pads[2], (int)pads[1], (int)pads[3]);
        return sides == default ? Padding.Valid
            : sides == Padding.Same.Resolve(input, node.Size("kernel_shape"), node.Size("strides")) ? Padding.Same
            : Padding.Explicit(sides.Top, sides.Bottom, sides.Left, sides.Right);
    }

    // The shortest decimal of the float is the rate as it was written in code: 0.1, not 0.10000000149.
    private static double ReadRate(TensorProto rate) => (double)(decimal)ReadWeight(rate).Values[0];

    private static Weight ReadWeight(TensorProto tensor) => new(
        [.. tensor.Dims.Select(side => (int)side)],
        MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray());
}
