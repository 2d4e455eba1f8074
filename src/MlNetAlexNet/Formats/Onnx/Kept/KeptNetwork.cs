using Microsoft.ML.OnnxRuntime;
using MlNetAlexNet.Formats.Onnx.Foreign;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Formats.Onnx.Sessions;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Formats.Onnx.Kept;

/// <summary>
/// A network of 8 bits, as ONNX Runtime's quantizer writes them (both of its forms), that is scored as it is: its weights
/// do not come back. It stands between the first layer and the last of a small stack, which change nothing: colours in
/// another order, classes in another order and the softmax are worked into these two, as into those of any stack.
/// </summary>
internal sealed class KeptNetwork
{
    // The last layer is a table of as many rows and columns.
    private const int MostClasses = 1 << 12;

    // A weight below any probability of 8 bits, for its logarithm.
    private const float Least = 1e-30f;

    private readonly ModelProto _model;
    private readonly string _path;
    private readonly ForeignInput _input;
    private readonly bool _givesProbabilities;

    private KeptNetwork(ModelProto model, string path, ForeignInput input, bool givesProbabilities) =>
        (_model, _path, _input, _givesProbabilities) = (model, path, input, givesProbabilities);

    /// <summary>Whether some of the graph is computed in 8 bits.</summary>
    public static bool Recognizes(GraphProto graph) => graph.Node.Any(node => node.OpType
        is "QuantizeLinear" or "DequantizeLinear" or "DynamicQuantizeLinear" or "ConvInteger" or "MatMulInteger" or "QGemm"
        || node.OpType.StartsWith("QLinear", StringComparison.Ordinal));

    /// <summary>The stack around the network, with it.</summary>
    /// <param name="model">The model, with all of its weights.</param>
    /// <param name="path">Its file.</param>
    /// <exception cref="AlexNetException">What goes in or comes out is not known to be pictures and classes.</exception>
    public static ModelFileContent Read(ModelProto model, string path)
    {
        var input = ForeignInput.Read(model, new ForeignConstants(model.Graph, path));
        if (input.IsOfBytes || input.Assumed.Count > 0)
            throw new AlexNetException($"its input '{input.Name}' is not of 32-bit numbers, which alone are given to a network of 8 bits.");

        var classes = CountClasses(model.Graph);
        var channels = input.View.Shape.Channels;
        var stack = new Sequential(input.View.Shape)
        {
            new Conv2D(channels, 1, useBias: false) { Name = "colours" },
            new Conv2D(classes, 1, useBias: false) { Name = "network" }, // stands for it
            new AdaptiveAveragePooling2D(1),
            new Flatten(),
            new Dense(classes, useBias: false) { Name = "classes" },
        }.Plan();
        var weights = new Dictionary<string, Weight>
        {
            ["colours/kernel"] = new([channels, channels, 1, 1], Identity(channels)),
            ["network/kernel"] = new([classes, channels, 1, 1], new float[classes * channels]),
            ["classes/kernel"] = new([classes, classes], Identity(classes)),
        };
        var last = KeptGraph.LastFunction(model.Graph);
        if (last is not (null or "Softmax"))
            throw new AlexNetException($"its network of 8 bits ends in {last}; it must end in a softmax or without a function.");

        return new ModelFileContent(stack, new WeightSet(weights), Ignored: [])
        {
            Wrap = new KeptNetwork(model, path, input, last is not null).Wrap,
            Assumed = ["the 8-bit network as it is"],
            Origin = input.Origin,
            UnknownScaling = KeptGraph.FirstScaling(model.Graph, input.Name)?.ToString(),
        };
    }

    /// <summary>The graph that scores, tried once.</summary>
    /// <param name="ends">The stack of <see cref="Read"/>, completed.</param>
    /// <exception cref="AlexNetException">ONNX Runtime cannot compute it.</exception>
    private ScoringGraph Wrap(TrainedModel ends) => FileReading.Read(_path, "a network of 8 bits", () =>
    {
        var graph = Build(ends);
        Try(graph, ends.Preprocessing.ImageSize);
        return graph;
    });

    // The runtime tells what it cannot compute when it loads a graph, and that one is for so many pictures alone when it runs.
    private static void Try(ScoringGraph graph, int side) => FileReading.ReadUnchecked(() =>
    {
        using var session = OnnxRuntimeSession.Open(graph.ToArray());
        using var pictures = OrtValue.CreateTensorValueFromMemory(new byte[2 * side * side * 3], [2, side, side, 3]);
        using var options = new RunOptions();
        using var scores = session.Run(options, [OnnxNames.Pixels], [pictures], [OnnxNames.Score]);
        return scores.Count;
    });

    // What happens to a picture, the first layer, the network, the last layers.
    private ScoringGraph Build(TrainedModel ends)
    {
        var graph = OnnxExport.Begin(ends, OnnxNames.Pixels);
        var value = OnnxPictures.AddBytes(graph, OnnxNames.Pixels, ends.Preprocessing);
        value = OnnxPictures.AddNormalisation(graph, value, ends.Preprocessing);
        value = OnnxExport.AddLayer(graph, ends.Plan[0], value, ends.Weights);                         // N x C x H x W
        if (!_input.View.IsChannelsFirst)
            value = graph.Add("network/input", "Transpose", [value], OnnxGraph.Attribute("perm", 0, 2, 3, 1));

        value = KeptGraph.Include(graph, _model, _input.Name, value);                                  // N x classes
        if (_givesProbabilities)
        {
            value = graph.Add("network/above_0", "Clip", [value, graph.Constant("network/least", (float[])[Least])]);
            value = graph.Add("network/logarithms", "Log", [value]); // of which the softmax is the probabilities again
        }

        foreach (var layer in ends.Plan.SkipWhile(layer => layer.Layer is not Flatten).Skip(1))
            value = OnnxExport.AddLayer(graph, layer, value, ends.Weights);
        return OnnxExport.End(graph, value, ends);
    }

    private static int CountClasses(GraphProto graph)
    {
        if (graph.Output.Count != 1)
            throw new AlexNetException($"its network of 8 bits has {graph.Output.Count} outputs; a classifier has one.");

        var type = graph.Output[0].Type?.TensorType;
        return type?.ElemType == (int)DataType.Float && type.Shape?.Dim is [_, { DimValue: >= 1 and <= MostClasses and var classes }]
            ? (int)classes
            : throw new AlexNetException(
                $"its output '{graph.Output[0].Name}' is not a vector of 1 to {MostClasses} 32-bit numbers for each picture.");
    }

    private static float[] Identity(int side)
    {
        var values = new float[side * side];
        for (var i = 0; i < side; i++)
            values[i * side + i] = 1;
        return values;
    }
}
