using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

using MlNetAlexNet.Formats.Onnx.Sessions;

namespace MlNetAlexNet.Training.Teachers;

/// <summary>The features that a teacher gives of pictures. Safe for many threads, each of which computes by itself.</summary>
internal sealed class TeacherNetwork : IDisposable
{
    // The folder of weights in files beside the graph's (onnxruntime_session_options_config_keys.h).
    private const string WeightsFolder = "session.model_external_initializers_file_folder_path";

    // torchvision's, of values from 0 to 255 (docs, "Models and pre-trained weights").
    private static readonly float[] ImageNetMean = [123.675f, 116.28f, 103.53f];
    private static readonly float[] ImageNetDeviation = [58.395f, 57.12f, 57.375f];

    private readonly List<(TeacherGraph Graph, InferenceSession Session)> _stages = [];
    private readonly float[] _mean;      // R, G, B
    private readonly float[] _deviation; // R, G, B

    /// <exception cref="AlexNetException">There is no such teacher, or its files cannot be used.</exception>
    public TeacherNetwork(TeacherOptions options)
    {
        Name = options.Model;
        var known = KnownTeacher.Find(options.Model);
        (_mean, _deviation) = known is null
            ? (Channels(options.Mean ?? ImageNetMean), Channels(options.StandardDeviation ?? ImageNetDeviation))
            : ([0, 0, 0], [1, 1, 1]);
        try
        {
            foreach (var file in known ?? [options.Model])
                _stages.Add(Open(file, known is null ? options.Output : null));
            IsAssumed = known is null && !_stages[0].Graph.IsBytes && (options.Mean is null || options.StandardDeviation is null);
            Width = Compute(new byte[2 * SquareBytes], pictures: 2).Length / 2;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name { get; }

    /// <summary>Whether its pictures' mean and deviation were taken to be ImageNet's, since nobody says them.</summary>
    public bool IsAssumed { get; }

    /// <summary>Side of the squares that it sees, in pixels.</summary>
    public int Side => _stages[0].Graph.Side;

    /// <summary>Bytes of a square.</summary>
    public int SquareBytes => Side * Side * 3;

    /// <summary>Features of one picture.</summary>
    public int Width { get; }

    /// <summary>Names for them, where a network has them for its outputs.</summary>
    public IReadOnlyList<string> NameFeatures() =>
        [.. Enumerable.Range(1, Width).Select(number => FormattableString.Invariant($"feature {number}"))];

    /// <param name="squares">pictures x Side x Side x RGB bytes.</param>
    /// <param name="pictures">How many there are.</param>
    /// <returns>pictures x Width.</returns>
    /// <exception cref="AlexNetException">It cannot compute them.</exception>
    public float[] Compute(byte[] squares, int pictures)
    {
        var values = new List<OrtValue>();
        try
        {
            values.Add(Take(_stages[0].Graph, squares, pictures));
            using var run = new RunOptions();
            foreach (var (graph, session) in _stages)
                values.Add(session.Run(run, [graph.Input], [values[^1]], [graph.Output])[0]);

            return Average(values[^1], pictures);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new AlexNetException($"The teacher '{Name}' cannot compute {pictures} pictures together: {fault.Message}", fault);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    public void Dispose() => _stages.ForEach(stage => stage.Session.Dispose());

    private static (TeacherGraph, InferenceSession) Open(string file, string? output)
    {
        var graph = TeacherGraph.Read(file, output);
        using var options = OnnxRuntimeSession.CreateOptions(threads: 1); // each call has a core of its own
        options.AddSessionConfigEntry(WeightsFolder, Path.GetDirectoryName(Path.GetFullPath(file)));
        try
        {
            return (graph, new InferenceSession(graph.Onnx.ToByteArray(), options));
        }
        catch (OnnxRuntimeException fault)
        {
            throw new AlexNetException($"The teacher '{file}' cannot be used: {fault.Message}", fault);
        }
    }

    // Squares as the graph takes them.
    private OrtValue Take(TeacherGraph graph, byte[] squares, int pictures)
    {
        var pixels = Side * Side;
        var length = pictures * pixels * 3;
        long[] shape = graph.IsChannelsLast ? [pictures, Side, Side, 3] : [pictures, 3, Side, Side];
        if (graph.IsBytes)
        {
            var bytes = new byte[length];
            for (var i = 0; i < length; i++)
                bytes[Place(i)] = squares[i];
            return OrtValue.CreateTensorValueFromMemory(bytes, shape);
        }

        var values = new float[length];
        for (var i = 0; i < length; i++)
            values[Place(i)] = (squares[i] - _mean[i % 3]) / _deviation[i % 3];
        return OrtValue.CreateTensorValueFromMemory(values, shape);

        // Of number i of N x H x W x 3.
        int Place(int i) => graph.IsChannelsLast ? i : i / (pixels * 3) * (pixels * 3) + i % 3 * pixels + i / 3 % pixels;
    }

    // Over places, if there are any: N x C, N x C x H x W or N x places x C, to N x C.
    private float[] Average(OrtValue output, int pictures)
    {
        var info = output.GetTensorTypeAndShape();
        if (info.ElementDataType != TensorElementType.Float || info.Shape is not { Length: >= 2 } shape || shape[0] != pictures)
        {
            throw new AlexNetException(
                $"The teacher '{Name}' gives {info.ElementDataType} {string.Join(" x ", info.Shape)} for {pictures} pictures; "
                + "it must give rows of 32-bit floats, one for each. Name another value of its graph as its output.");
        }

        var values = output.GetTensorDataAsSpan<float>();
        if (shape.Length == 4 && _stages[^1].Graph.IsChannelsLast)
        {
            throw new AlexNetException(
                $"The teacher '{Name}' gives {string.Join(" x ", info.Shape)} for {pictures} pictures, and a graph whose pictures end in their "
                + "channels does not say which of these are channels. Name a value of its graph without places as its output.");
        }

        var isFirst = shape.Length == 4;
        var width = (int)(isFirst || shape.Length == 2 ? shape[1] : shape[^1]);
        var places = values.Length / pictures / width;
        var features = new float[pictures * width];
        for (var i = 0; i < values.Length; i++)
        {
            var inPicture = i % (width * places);
            features[i / (width * places) * width + (isFirst ? inPicture / places : inPicture % width)] += values[i] / places;
        }

        return features.All(feature => Half.IsFinite((Half)feature)) ? features : throw new AlexNetException(
            $"The teacher '{Name}' gives features that are no numbers, or above {Half.MaxValue}. Name another value of its graph as its output, "
            + "or give the mean and deviation that its pictures need.");
    }

    private static float[] Channels(IReadOnlyList<float> values) =>
        values.Count == 1 ? [values[0], values[0], values[0]] : [.. values];
}
