using MlNetAlexNet.Formats.Onnx.Graph;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Training.Teachers;

/// <summary>An ONNX network that takes pictures, made to take any number of them and to give its features.</summary>
/// <param name="Onnx">The changed graph.</param>
/// <param name="Input">Name of the pictures.</param>
/// <param name="Output">Name of the features.</param>
/// <param name="Side">Of the pictures, in pixels.</param>
/// <param name="IsChannelsLast">Whether they are N x H x W x 3; else N x 3 x H x W.</param>
/// <param name="IsBytes">Whether they are bytes; else 32-bit floats.</param>
internal sealed record TeacherGraph(
    ModelProto Onnx, string Input, string Output, int Side, bool IsChannelsLast, bool IsBytes)
{
    // Where a file leaves the size open: ImageNet's.
    private const int UsualSide = 224;

    /// <param name="file">Of the network.</param>
    /// <param name="output">Name of the value that are the features; null to choose.</param>
    /// <exception cref="AlexNetException">It is no ONNX network of pictures, or has no such value.</exception>
    public static TeacherGraph Read(string file, string? output)
    {
        var model = Parse(file);
        var graph = model.Graph;
        var constants = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        var inputs = graph.Input.Where(value => !constants.Contains(value.Name)).ToList();
        if (inputs is not [{ Type.TensorType: { Shape.Dim: { Count: 4 } sides } type } input])
        {
            throw Refused(file, $"it has {inputs.Count} input(s) ({string.Join(", ", inputs.Select(value => value.Name))}), "
                + "not one of four dimensions");
        }

        var isLast = sides[3].DimValue == 3 && sides[1].DimValue != 3;
        if (!isLast && sides[1].DimValue != 3)
            throw Refused(file, "its input has no dimension of three channels, in place 2 or 4");

        var (height, width) = isLast ? (sides[1].DimValue, sides[2].DimValue) : (sides[2].DimValue, sides[3].DimValue);
        if (height != width || height is < 0 or > Models.ImagePreprocessing.MaximumImageSize)
            throw Refused(file, FormattableString.Invariant($"its input is {height}x{width} and no square"));

        if (type.ElemType is not ((int)DataType.Float or (int)DataType.Uint8))
            throw Refused(file, $"its input is of {(DataType)type.ElemType}, neither 32-bit floats nor bytes");

        var features = output ?? FindFeatures(graph);
        if (!graph.Node.Any(node => node.Output.Contains(features)))
            throw Refused(file, $"it has no value '{features}'");

        // Of any number of pictures: what says a batch of one is taken away, but for the ends, which must have a shape.
        graph.ValueInfo.Clear();
        sides[0].DimParam = "batch";
        graph.Output.Clear();
        graph.Output.Add(new ValueInfoProto { Name = features });
        return new TeacherGraph(
            model, input.Name, features, height == 0 ? UsualSide : (int)height, isLast, type.ElemType == (int)DataType.Uint8);
    }

    // What the classes are computed of, where the graph ends in classes.
    private static string FindFeatures(GraphProto graph)
    {
        var makers = graph.Node.SelectMany(node => node.Output.Select(name => (name, node)))
            .GroupBy(pair => pair.name).ToDictionary(pair => pair.Key, pair => pair.First().node);
        var last = graph.Output[0].Name;
        var value = last;
        for (var steps = 0; steps < graph.Node.Count && makers.TryGetValue(value, out var node); steps++)
        {
            switch (node.OpType)
            {
                case "Gemm" or "MatMul": return node.Input[0];
                case "Softmax" or "LogSoftmax" or "Sigmoid" or "Identity" or "Cast" or "Add" or "ReduceMean" or "Reshape"
                    when node.Input.Count > 0:
                    value = node.Input[0]; break;
                default: return last;
            }
        }

        return last;
    }

    private static ModelProto Parse(string file)
    {
        ModelProto model;
        try
        {
            using var stream = File.OpenRead(file);
            model = OnnxSkeleton.ParseWhole(stream);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException(
                $"The teacher '{file}' cannot be read: {fault.Message} Known by name: "
                + $"{string.Join(", ", KnownTeacher.All.Select(known => known.Name))}.",
                fault);
        }
        catch (AlexNetException fault)
        {
            throw Refused(file, fault.Message.TrimEnd('.'));
        }

        return model.Graph is { Node.Count: > 0, Output.Count: > 0 } ? model : throw Refused(file, "it has no graph");
    }

    private static AlexNetException Refused(string file, string why) =>
        new($"The teacher '{file}' cannot be used: {why}. It must be an ONNX network that takes pictures.");
}
