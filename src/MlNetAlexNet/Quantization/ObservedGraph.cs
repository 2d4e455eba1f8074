using Microsoft.ML.OnnxRuntime;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Own;

using MlNetAlexNet.Formats.Onnx.Sessions;

namespace MlNetAlexNet.Quantization;

/// <summary>A graph some of whose values are looked at, picture by picture.</summary>
internal sealed class ObservedGraph : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly long[] _shape;
    private readonly IReadOnlyList<string> _names;

    /// <param name="graph">Takes <see cref="OnnxNames.Pixels"/>.</param>
    /// <param name="imageSize">Side of the pictures.</param>
    /// <param name="names">Those of its outputs that are looked at, of floats.</param>
    public ObservedGraph(ScoringGraph graph, int imageSize, params IReadOnlyList<string> names)
    {
        (_shape, _names) = ([1, imageSize, imageSize, 3], names);

        // By way of a file: the network in memory would be one more copy beside the weights and the session's own.
        var path = TemporaryFiles.NewPath();
        try
        {
            WholeFile.Write(path, graph.WriteTo);
            _session = OnnxRuntimeSession.Open(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Looks at one picture.</summary>
    /// <param name="picture">Its pixels.</param>
    /// <param name="see">Takes the number of a name and its values; called once for each.</param>
    public void Run(byte[] picture, Action<int, ReadOnlySpan<float>> see)
    {
        if (_names.Count == 0)
            return;

        using var input = OrtValue.CreateTensorValueFromMemory(picture, _shape);
        using var values = _session.Run(_options, [OnnxNames.Pixels], [input], _names);
        for (var i = 0; i < _names.Count; i++)
            see(i, values[i].GetTensorDataAsSpan<float>());
    }

    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }
}
