using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Tests;

/// <summary>An ONNX chain as another program would write it: random weights, one node after the other.</summary>
internal sealed class ForeignGraph
{
    private readonly OnnxGraph _graph = new("main_graph");
    private readonly Random _random = new(1);
    private readonly TensorShape _input;
    private string _value;
    private int _count;

    public ForeignGraph(TensorShape input)
    {
        _input = input;
        _value = _graph.Input("input", DataType.Float, input.Channels, input.Height, input.Width);
    }

    /// <summary>Adds a node on the last value.</summary>
    public ForeignGraph Then(string operation, IEnumerable<string> constants, params AttributeProto[] attributes)
    {
        _value = _graph.Add($"/net/{operation}_{_count++}", operation, [_value, .. constants], attributes);
        return this;
    }

    public ForeignGraph Then(string operation, params AttributeProto[] attributes) => Then(operation, [], attributes);

    /// <summary>Adds a node that takes the last value second.</summary>
    public ForeignGraph ThenAfter(string constant, string operation)
    {
        _value = _graph.Add($"/net/{operation}_{_count++}", operation, [constant, _value]);
        return this;
    }

    /// <summary>Adds a node beside the chain; returns its output. No inputs: the last value.</summary>
    public string Beside(string operation, IEnumerable<string> inputs, params AttributeProto[] attributes) =>
        _graph.Add($"/net/{operation}_{_count++}", operation, inputs.DefaultIfEmpty(_value), attributes);

    /// <summary>Random numbers, wide enough that the classes are told apart.</summary>
    public string Weight(params int[] dimensions) => Weight(0, dimensions);

    /// <summary>Random numbers around a value.</summary>
    public string Weight(float around, int[] dimensions)
    {
        var inputs = Math.Max(1, dimensions.Skip(1).Aggregate(1, (product, side) => product * side));
        var values = new float[dimensions.Aggregate(1, (product, side) => product * side)];
        for (var i = 0; i < values.Length; i++)
            values[i] = around + (_random.NextSingle() - 0.5f) * 4 / MathF.Sqrt(inputs);
        return _graph.Constant($"w{_count++}", values, dimensions);
    }

    public string Numbers(params long[] values) => _graph.Constant($"n{_count++}", values);

    public string Values(float[] values, params int[] dimensions) => _graph.Constant($"v{_count++}", values, dimensions);

    public string Number(float value) => _graph.Constant($"f{_count++}", (float[])[value]);

    /// <summary>Ends an image of so many channels with a mean of each, four classes and a softmax.</summary>
    public ForeignGraph Classify(int channels) => Then("GlobalAveragePool").Then("Flatten").Classes(channels);

    /// <summary>Ends a vector with four classes and a softmax.</summary>
    public ForeignGraph Classes(int units) =>
        Then("Gemm", [Weight(4, units), Weight(4)], OnnxGraph.Attribute("transB", 1)).Then("Softmax");

    public ModelProto ToModel()
    {
        var model = _graph.ToModel("pytorch").Clone();
        model.Graph.Output.Add(new ValueInfoProto { Name = _value });
        return model;
    }

    /// <summary>Holds the network that is read against ONNX Runtime on the foreign graph itself.</summary>
    public LayerPlan AssertReadScoresAlike()
    {
        var model = ToModel();
        using var folder = new TemporaryFolder();
        var imported = OnnxFile.Read(folder.Write("a.onnx", model.ToByteArray()));
        var side = _input.Height;
        var preprocessing = new ImagePreprocessing(side, [0, 0, 0], [255, 255, 255]) { ImageSize = side };
        var classifier = new TrainedModel(imported.Plan, imported.Weights, preprocessing, ["a", "b", "c", "d"]);
        for (var picture = 0; picture < 3; picture++)
        {
            var pixels = TinyModel.Pixels(classifier, _random);
            var expected = Run(model.ToByteArray(), "input", _value, ChannelsFirst(pixels));
            var actual = Run(TinyModel.ToOnnx(classifier), "Pixels", "Score", new DenseTensor<byte>(pixels, [1, side, side, 3]));
            for (var i = 0; i < 4; i++)
                Assert.AreEqual(expected[i], actual[i], 1e-5, $"picture {picture}, class {i}");
        }

        return imported.Plan;
    }

    private static float[] Run<T>(byte[] graph, string input, string output, DenseTensor<T> values)
    {
        using var session = new InferenceSession(graph);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(input, values)], [output]);
        return [.. results[0].AsEnumerable<float>()];
    }

    private DenseTensor<float> ChannelsFirst(byte[] pixels)
    {
        var values = new DenseTensor<float>([1, 3, _input.Height, _input.Width]);
        for (var i = 0; i < pixels.Length; i++)
            values[0, i % 3, i / 3 / _input.Width, i / 3 % _input.Width] = pixels[i] / 255f;
        return values;
    }
}
