using Google.Protobuf.Collections;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Models;
using Onnx;
using static MlNetAlexNet.Formats.Onnx.Graph.OnnxGraph;

namespace MlNetAlexNet.Formats.Onnx.Own;

/// <summary>
/// The views that a graph scores (<see cref="ScoringViews"/>). They are cut beside the middle crop and laid along the batch,
/// all first views, all second ones and so on, so that the network runs once; what its softmax gives is averaged (Krizhevsky
/// 2012, section 4.1). Put into finished graphs, of 8 bits or 32, so that a file of either can be given others.
/// </summary>
internal static class OnnxViews
{
    // What this has made of a graph is told by these, and taken out again by them.
    private const string Cut = OnnxNames.Views;
    private const string All = $"{Cut}/all";
    private const string Mean = OnnxNames.ScoreViews;
    private const string Each = $"{Mean}/each";

    /// <summary>Makes a graph one that scores those views, whatever it scored before.</summary>
    /// <exception cref="AlexNetException">It has no such views, or is damaged.</exception>
    public static void Set(ModelProto onnx, ScoringViews views)
    {
        Remove(onnx.Graph);
        if (views != ScoringViews.Middle)
        {
            AddCrops(onnx.Graph, views);
            AddMean(onnx.Graph, views);
        }

        OnnxMetadata.SetViews(onnx, views);
    }

    /// <summary>The graph with those views; it itself if it scores them.</summary>
    /// <param name="graph">One of this library.</param>
    /// <param name="views">The views.</param>
    /// <exception cref="AlexNetException">It has no such views, or is damaged.</exception>
    public static ScoringGraph Set(ScoringGraph graph, ScoringViews views)
    {
        var split = new SplitOnnx(graph.ToArray());
        if (OnnxMetadata.ReadViews(OnnxMetadata.Read(split.Small)) == views)
            return graph;

        Set(split.Small, views);
        return new ScoringGraph(split.Length, stream => split.WriteTo(stream, graph.ToArray()))
        {
            Source = graph, ReadForm = graph.ReadForm,
        };
    }

    private static void AddCrops(GraphProto graph, ScoringViews views)
    {
        var reader = new OnnxGraphReader(graph);
        var start = reader.Constant(OnnxNames.CropStarts).Int64Data[0];
        var side = (int)(reader.Constant(OnnxNames.CropEnds).Int64Data[0] - start);
        views.Require(reader.InputSide, side);
        var place = IndexOf(graph, OnnxNames.Crop);
        var (picture, axes) = (graph.Node[place].Input[0], graph.Node[place].Input[3]);
        foreach (var node in graph.Node)
            Replace(node.Input, OnnxNames.Crop, All);

        var added = new OnnxGraph(Cut);
        List<string> crops = [OnnxNames.Crop];
        foreach (var (top, left) in views.ListCorners(reader.InputSide, side))
        {
            var name = $"{Cut}/{crops.Count}";
            crops.Add(added.Add(name, "Slice",
            [
                picture,
                added.Constant($"{name}/starts", top, left),
                added.Constant($"{name}/ends", top + side, left + side),
                axes,
            ]));                                                                // N x crop x crop x 3
        }

        var upright = crops is [var middle]
            ? middle
            : added.Add($"{Cut}/upright", "Concat", crops, Attribute("axis", 0L)); // (V/2 N) x crop x crop x 3
        var mirrored = added.Add($"{Cut}/mirrored", "Slice",
        [
            upright,
            added.Constant($"{Cut}/mirrored/starts", -1L),
            added.Constant($"{Cut}/mirrored/ends", long.MinValue),              // before the first
            added.Constant($"{Cut}/mirrored/axes", reader.Constant(axes).Int64Data[1]),
            added.Constant($"{Cut}/mirrored/steps", -1L),
        ]);
        added.Add(All, "Concat", [upright, mirrored], Attribute("axis", 0L));   // (V N) x crop x crop x 3
        Insert(graph, place + 1, added);
    }

    private static void AddMean(GraphProto graph, ScoringViews views)
    {
        var softmax = IndexOf(graph, node => node.Output.Contains(OnnxNames.Score));
        Replace(graph.Node[softmax].Output, OnnxNames.Score, Each);             // (V N) x classes
        var added = new OnnxGraph(Mean);
        var split = added.Add($"{Mean}/split", "Reshape",
            [Each, added.Constant($"{Mean}/split/shape", views.Count(), -1, Classes(graph))]); // V x N x classes
        // ReduceMean takes its axes otherwise from opset 18 on, which kept networks may have.
        var sum = added.Add($"{Mean}/sum", "ReduceSum",
            [split, added.Constant($"{Mean}/sum/axes", 0L)], Attribute("keepdims", 0L));       // N x classes
        added.Add($"{Mean}/mean", "Div", [sum, added.Constant($"{Mean}/count", [(float)views.Count()])], [OnnxNames.Score]);
        Insert(graph, softmax + 1, added);
    }

    private static void Remove(GraphProto graph)
    {
        RemoveAll(graph.Node, node => IsAdded(node.Name));
        RemoveAll(graph.Initializer, tensor => IsAdded(tensor.Name));
        foreach (var node in graph.Node)
        {
            Replace(node.Input, All, OnnxNames.Crop);
            Replace(node.Output, Each, OnnxNames.Score);
        }

        static bool IsAdded(string name) => name.StartsWith($"{Cut}/", StringComparison.Ordinal)
            || name.StartsWith($"{Mean}/", StringComparison.Ordinal);

        static void RemoveAll<T>(RepeatedField<T> list, Func<T, bool> matches)
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                if (matches(list[i]))
                    list.RemoveAt(i);
            }
        }
    }

    private static long Classes(GraphProto graph) =>
        graph.Output.Single(output => output.Name == OnnxNames.Score).Type.TensorType.Shape.Dim[1].DimValue;

    private static void Insert(GraphProto graph, int place, OnnxGraph added)
    {
        var (nodes, constants) = (added.ToModel("").Graph.Node, added.ToModel("").Graph.Initializer);
        foreach (var node in nodes)
            graph.Node.Insert(place++, node);
        graph.Initializer.Add(constants);
    }

    private static int IndexOf(GraphProto graph, string name) => IndexOf(graph, node => node.Name == name);

    private static int IndexOf(GraphProto graph, Func<NodeProto, bool> matches)
    {
        for (var i = 0; i < graph.Node.Count; i++)
        {
            if (matches(graph.Node[i]))
                return i;
        }

        throw OnnxGraphReader.Lacks("a node that every graph of this library has");
    }

    private static void Replace(RepeatedField<string> names, string name, string by)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                names[i] = by;
        }
    }
}
