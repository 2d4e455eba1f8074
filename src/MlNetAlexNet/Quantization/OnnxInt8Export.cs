using System.Runtime.InteropServices;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using static MlNetAlexNet.Formats.Onnx.Graph.OnnxGraph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Quantization;

/// <summary>
/// Makes a graph of a network as <see cref="OnnxExport"/> does, with the same ends, but computed in 8 bits: kernels of
/// <see cref="Int8Weight"/>, activations in uint8 codes with ReLU folded into their lower end, sums in 32 bits
/// (Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference").
/// The last weighted layer, layers without an 8-bit operator and activations that are no end of a range stay in floats.
/// </summary>
internal sealed class OnnxInt8Export
{
    private readonly TrainedModel _model;
    private readonly Calibrated _calibrated;
    private readonly OnnxGraph _graph;

    private OnnxInt8Export(TrainedModel model, Calibrated calibrated, OnnxGraph graph) =>
        (_model, _calibrated, _graph) = (model, calibrated, graph);

    /// <summary>Makes the graph.</summary>
    /// <param name="model">The trained network.</param>
    /// <param name="calibrated">What calibration has learnt of it.</param>
    /// <param name="pixels">Name of the input.</param>
    public static ScoringGraph Create(TrainedModel model, Calibrated calibrated, string pixels = OnnxNames.Pixels)
    {
        var graph = OnnxExport.Begin(model, pixels);
        var score = new OnnxInt8Export(model, calibrated, graph).AddLayers(pixels);
        return OnnxExport.End(graph, score, model);
    }

    /// <summary>
    /// Makes the graph up to the sums of a layer, its only output by the layer's name: in floats, but of a quantized input
    /// and quantized weights, before the bias is shifted.
    /// </summary>
    /// <param name="model">The trained network.</param>
    /// <param name="calibrated">What calibration has learnt of the layers before it.</param>
    /// <param name="last">One with weights.</param>
    public static ScoringGraph CreateUpTo(TrainedModel model, Calibrated calibrated, PlannedLayer last)
    {
        var graph = OnnxExport.Begin(model, OnnxNames.Pixels);
        graph.Observe(new OnnxInt8Export(model, calibrated, graph).AddLayers(OnnxNames.Pixels, last));
        return OnnxExport.ToScoringGraph(graph.ToModel(OnnxExport.Producer));
    }

    /// <summary>A value of the graph; without codes it is in floats.</summary>
    private sealed record Value(string Name, Codes? Codes);

    /// <summary>A quantization, with the prefix that its two constants are called by.</summary>
    private sealed record Codes(string Prefix, ActivationScale Scale);

    private string AddLayers(string pixels, PlannedLayer? last = null)
    {
        var bytes = OnnxPictures.AddBytes(_graph, pixels, _model.Preprocessing);
        var lastWithWeights = _model.Plan.LastOrDefault(layer => layer.Layer is WeightedLayer);
        Value? value = null;
        var isInt8 = true;
        foreach (var layer in _model.Plan)
        {
            isInt8 &= layer != lastWithWeights;
            var takesBytes = isInt8 && value is null && TakesBytes(layer, _model.Preprocessing);
            if (layer == last)
            {
                AddSums(layer, value, bytes, takesBytes, isInt8);
                return layer.Name;
            }

            value = takesBytes ? AddFirstLayer(layer, bytes)
                : isInt8 ? AddLayer(layer, value ?? AddNormalised(bytes))
                : AddFloatLayer(layer, value ?? AddNormalised(bytes));
        }

        return value!.Name;
    }

    private Value AddLayer(PlannedLayer layer, Value value) => layer.Layer switch
    {
        WeightedLayer => AddInt8Layer(layer, ToCodes(value)),
        Flatten or MaxPooling2D => PassOn(layer, ToCodes(value)),
        Dropout => value, // does nothing where nothing is trained
        ActivationLayer { Activation: Activation.Relu } when IsFolded(layer) => value,
        _ => AddFloatLayer(layer, value),
    };

    // What comes out is some of what goes in.
    private Value PassOn(PlannedLayer layer, Value value) =>
        value with { Name = OnnxExport.AddLayer(_graph, layer, value.Name, _model.Weights) };

    private Value AddFloatLayer(PlannedLayer layer, Value value) =>
        new(OnnxExport.AddLayer(_graph, layer, ToFloat(value), ShiftBias(layer)), null);

    private WeightSet ShiftBias(PlannedLayer layer) => layer.Layer is WeightedLayer { UseBias: true }
        ? new WeightSet(new Dictionary<string, Weight>(_model.Weights)
        {
            [$"{layer.Name}/bias"] = new([layer.Output.Channels], ShiftBias(layer, Bias(layer))),
        })
        : _model.Weights;

    private float[] ShiftBias(PlannedLayer layer, float[] bias) => _calibrated.BiasShifts.TryGetValue(layer.Name, out var shifts)
        ? [.. bias.Zip(shifts, (value, shift) => value + shift)]
        : bias;

    /// <summary>
    /// Whether a first layer can be computed of the bytes as they are. Padding adds a zero, which is no byte of its own after
    /// normalisation, and a mean image has no one byte for it.
    /// </summary>
    internal static bool TakesBytes(PlannedLayer layer, ImagePreprocessing preprocessing) =>
        layer.Layer is Conv2D { Groups: 1 } conv && preprocessing.MeanImage is null
        && conv.Padding.Resolve(layer.Input, conv.DilatedKernel, conv.Strides) == default;

    // A ReLU of its own after a linear layer is the lower end of that layer's codes.
    private bool IsFolded(PlannedLayer relu) => Before(relu) is { } layer && ReluAfter(layer) == relu;

    private PlannedLayer? ReluAfter(PlannedLayer layer) =>
        layer.Layer is WeightedLayer { Activation: Activation.Linear }
        && _model.Plan.SkipWhile(other => other != layer).ElementAtOrDefault(1) is
        { Layer: ActivationLayer { Activation: Activation.Relu } } relu
            ? relu
            : null;

    private PlannedLayer? Before(PlannedLayer layer) => _model.Plan.TakeWhile(other => other != layer).LastOrDefault();

    /// <summary>
    /// The pixels are codes already, of scale 1, when the normalisation is folded into the weights:
    /// w (x - mean) / deviation + b = (w / deviation) x + (b - w mean / deviation). The bias takes the weights as they
    /// are quantized, so that their rounding is multiplied by what differs from the mean alone.
    /// </summary>
    private Value AddFirstLayer(PlannedLayer layer, string bytes)
    {
        var mean = _model.Preprocessing.Mean;
        var weight = QuantizeFirst(layer);
        var bias = (float[])Bias(layer).Clone();
        var (size, plane) = (weight.Codes.Length / bias.Length, weight.Codes.Length / bias.Length / mean.Count);
        for (var i = 0; i < weight.Codes.Length; i++)
            bias[i / size] -= weight.Codes[i] * weight.Scales[i / size] * mean[i % size / plane];

        return AddInt8Layer(layer, WithCodes(OnnxNames.ChannelsFirst, bytes, new ActivationScale(1, 0)), weight, bias);
    }

    private Int8Weight QuantizeFirst(PlannedLayer layer) => Quantize(
        layer,
        inputScale: 1,
        MapInputs(layer, Kernel(layer), (value, channel) => value / _model.Preprocessing.StandardDeviation[channel]),
        _calibrated.Patches);

    // Of a convolution without groups.
    private static float[] MapInputs(PlannedLayer layer, float[] kernel, Func<float, int, float> map)
    {
        var size = kernel.Length / layer.Output.Channels;
        var plane = size / layer.Input.Channels;
        return [.. kernel.Select((value, i) => map(value, i % size / plane))];
    }

    private Int8Weight Quantize(PlannedLayer layer, Value input) =>
        Quantize(layer, input.Codes!.Scale.Scale, Kernel(layer));

    // A channel of weights near 0 has a bias all the same: it must fit half the range of a 32-bit sum.
    private Int8Weight Quantize(PlannedLayer layer, float inputScale, float[] kernel, PatchCovariance? patches = null) =>
        Int8Weight.Quantize(
            layer.Weights[0].Dimensions,
            kernel,
            leastScales: [.. Bias(layer).Select(value => Math.Abs(value) / (inputScale * (1 << 30)))],
            patches);

    /// <summary>The sums of a layer in floats, but of its input and weights as they are quantized.</summary>
    private void AddSums(PlannedLayer layer, Value? value, string bytes, bool takesBytes, bool isInt8)
    {
        value ??= AddNormalised(bytes);
        if (isInt8 && !takesBytes)
            value = ToCodes(value);
        var kernel = takesBytes
            ? MapInputs(layer, QuantizeFirst(layer).ToFloats(),
                (weight, channel) => weight * _model.Preprocessing.StandardDeviation[channel])
            : isInt8 ? Quantize(layer, value).ToFloats()
            : Kernel(layer);
        OnnxExport.AddLayer(
            _graph,
            layer with { Layer = (WeightedLayer)layer.Layer with { Activation = Activation.Linear } },
            ToFloat(value),
            new WeightSet(new Dictionary<string, Weight>(_model.Weights)
            {
                [$"{layer.Name}/kernel"] = new(layer.Weights[0].Dimensions, kernel),
            }));
    }

    private Value AddInt8Layer(PlannedLayer layer, Value input) =>
        AddInt8Layer(layer, input, Quantize(layer, input), Bias(layer));

    private Value AddInt8Layer(PlannedLayer layer, Value input, Int8Weight weight, float[] bias)
    {
        var name = OnnxExport.NameSums(ReluAfter(layer) ?? layer);
        var output = WithCodes(name, name, _calibrated.Ranges[name].ToScale());
        var sums = ShiftBias(layer, bias).Select((value, i) =>
            (int)Math.Round(value / ((double)input.Codes!.Scale.Scale * weight.Scales[i])));
        string[] x = [input.Name, Scale(input), ZeroPoint(input)];
        string[] w =
        [
            _graph.Constant($"{layer.Name}/kernel", DataType.Int8, Bytes(weight.Codes), weight.Dimensions),
            _graph.Constant($"{layer.Name}/kernel/scale", weight.Scales, weight.Scales.Length),
            _graph.Constant($"{layer.Name}/kernel/zero_point", DataType.Int8, new byte[bias.Length], bias.Length),
        ];
        string[] y = [Scale(output), ZeroPoint(output)];
        var b = _graph.Constant($"{layer.Name}/bias", DataType.Int32, Bytes(sums.ToArray()), bias.Length);
        if (layer.Layer is Conv2D conv)
            _graph.Add(name, "QLinearConv", [.. x, .. w, .. y, b], OnnxExport.DescribeConvolution(layer, conv));
        else
            _graph.Add(name, "QGemm", [.. x, .. w, b, .. y], Attribute("transB", 1));
        return ((WeightedLayer)layer.Layer).Activation is Activation.Linear or Activation.Relu
            ? output
            : new Value(OnnxExport.Activate(_graph, layer, ToFloat(output)), null);
    }

    private Value AddNormalised(string bytes) =>
        new(OnnxPictures.AddNormalisation(_graph, bytes, _model.Preprocessing), null);

    private Value ToCodes(Value value)
    {
        if (value.Codes is not null)
            return value;

        var range = value.Name == OnnxNames.Normalised ? PixelRange() : _calibrated.Ranges[value.Name];
        var codes = WithCodes(value.Name, $"{value.Name}/codes", range.ToScale());
        _graph.Add(codes.Name, "QuantizeLinear", [value.Name, Scale(codes), ZeroPoint(codes)]);
        return codes;
    }

    private string ToFloat(Value value) => value.Codes is null
        ? value.Name
        : _graph.Add($"{value.Name}/float", "DequantizeLinear", [value.Name, Scale(value), ZeroPoint(value)]);

    // Of normalised pixels, which need no calibration.
    private ActivationRange PixelRange()
    {
        var (pictures, channels) = (_model.Preprocessing, Enumerable.Range(0, _model.Preprocessing.Mean.Count));
        var means = channels.Select(c => pictures.MeanImage is { } image
            ? image.Skip(c * image.Count / pictures.Mean.Count).Take(image.Count / pictures.Mean.Count).ToArray()
            : [pictures.Mean[c]]).ToArray();
        return new(
            Math.Min(0, channels.Min(c => -means[c].Max() / pictures.StandardDeviation[c])),
            Math.Max(0, channels.Max(c => (255 - means[c].Min()) / pictures.StandardDeviation[c])));
    }

    private Value WithCodes(string prefix, string name, ActivationScale scale)
    {
        _graph.Constant($"{prefix}/scale", (float[])[scale.Scale]);
        _graph.Constant($"{prefix}/zero_point", DataType.Uint8, (byte[])[scale.ZeroPoint]);
        return new Value(name, new Codes(prefix, scale));
    }

    private static string Scale(Value value) => $"{value.Codes!.Prefix}/scale";

    private static string ZeroPoint(Value value) => $"{value.Codes!.Prefix}/zero_point";

    private float[] Kernel(PlannedLayer layer) => _model.Weights[$"{layer.Name}/kernel"].Values;

    private float[] Bias(PlannedLayer layer) => _model.Weights.TryGetValue($"{layer.Name}/bias", out var bias)
        ? bias.Values
        : new float[layer.Weights[0].Dimensions[0]];

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
