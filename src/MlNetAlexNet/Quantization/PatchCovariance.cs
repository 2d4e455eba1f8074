using System.Numerics.Tensors;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Quantization;

/// <summary>
/// How the pixels under the first kernel vary together. Neighbours in a photograph are nearly alike, so errors of
/// neighbouring weights that cancel do not show, and <see cref="Int8Weight"/> rounds accordingly.
/// </summary>
internal sealed class PatchCovariance
{
    /// <summary>Patches looked at for each value in one: enough that their covariance is close to that of all.</summary>
    private const int PatchesPerValue = 64;

    /// <summary>
    /// A kernel of more values is rounded weight by weight, since the covariance costs the cube of their number. Those of
    /// first layers have 363 (AlexNet), 147 (ResNet) or 27 (VGG).
    /// </summary>
    private const int MostValues = 1024;

    /// <summary>
    /// Share of the mean variance that is added to every variance: what the patches show of directions they hardly vary in
    /// is not to be relied on (Frantar et al. 2023, "GPTQ", section 3, 1 %).
    /// </summary>
    private const double Damping = 0.01;

    // Bytes less this, whose products are below 2^14: in float, 1024 of them add up exactly, in any order.
    private const float Middle = 128;
    private const int ExactSums = 1024;

    private readonly float[] _ratios;

    private PatchCovariance(int values, float[] ratios) => (Values, _ratios) = (values, ratios);

    /// <summary>Values in a patch: channels x kernel height x kernel width.</summary>
    public int Values { get; }

    /// <summary>
    /// With the covariance as R' R, R upper triangular: what the errors of the values after <paramref name="value"/> let
    /// its own weight make up for, each by its factor R[value, other] / R[value, value].
    /// </summary>
    public ReadOnlySpan<float> FactorsAfter(int value) => _ratios.AsSpan(value * Values, Values)[(value + 1)..];

    /// <summary>Looks at random patches of the pictures.</summary>
    /// <returns>Null where the first layer does not take pixels as they are, or has too large a kernel.</returns>
    public static PatchCovariance? Measure(
        TrainedModel model, IReadOnlyList<byte[]> pictures, CancellationToken cancellationToken)
    {
        var layer = model.Plan[0];
        if (!OnnxInt8Export.TakesBytes(layer, model.Preprocessing))
            return null;

        var conv = (Conv2D)layer.Layer;
        var values = layer.Input.Channels * conv.Kernel.Height * conv.Kernel.Width;
        if (values > MostValues)
            return null;

        var count = Math.Min(
            (int)Math.Ceiling((double)PatchesPerValue * values / pictures.Count), layer.Output.Height * layer.Output.Width);
        var patches = new float[values * count]; // values x patches
        var (sums, products) = (new double[values], new double[values * values]);
        var random = new Random(1);
        using var graph = CreateCrop(model);
        using var crop = new ObservedGraph(graph, model.Preprocessing.ImageSize, OnnxNames.ToFloat);
        foreach (var picture in pictures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            crop.Run(picture, (_, pixels) => Cut(pixels, layer, conv, random, patches, count));
            Add(patches, count, sums, products);
        }

        return Create(values, (double)count * pictures.Count, sums, products);
    }

    /// <summary>Of patches of bytes as they are, values x patches.</summary>
    internal static PatchCovariance Create(int values, float[] patches)
    {
        var (sums, products) = (new double[values], new double[values * values]);
        Add([.. patches.Select(value => value - Middle)], patches.Length / values, sums, products);
        return Create(values, patches.Length / values, sums, products);
    }

    private static ScoringGraph CreateCrop(TrainedModel model)
    {
        var graph = OnnxExport.Begin(model, OnnxNames.Pixels);
        var bytes = OnnxPictures.AddBytes(graph, OnnxNames.Pixels, model.Preprocessing);
        graph.Observe(graph.Add(OnnxNames.ToFloat, "Cast", [bytes], OnnxGraph.Attribute("to", (long)DataType.Float)));
        return OnnxExport.ToScoringGraph(graph.ToModel(OnnxExport.Producer));
    }

    private static void Cut(
        ReadOnlySpan<float> pixels, PlannedLayer layer, Conv2D conv, Random random, float[] patches, int count)
    {
        var (height, width) = (layer.Input.Height, layer.Input.Width);
        for (var patch = 0; patch < count; patch++)
        {
            var top = random.Next(layer.Output.Height) * conv.Strides.Height;
            var left = random.Next(layer.Output.Width) * conv.Strides.Width;
            var at = patch;
            for (var channel = 0; channel < layer.Input.Channels; channel++)
            {
                for (var row = 0; row < conv.Kernel.Height; row++)
                {
                    for (var column = 0; column < conv.Kernel.Width; column++, at += count)
                    {
                        var y = top + row * conv.Dilation.Height;
                        var x = left + column * conv.Dilation.Width;
                        patches[at] = pixels[(channel * height + y) * width + x] - Middle;
                    }
                }
            }
        }
    }

    private static void Add(float[] patches, int count, double[] sums, double[] products) =>
        Parallel.For(0, sums.Length, i =>
        {
            for (var start = 0; start < count; start += ExactSums)
            {
                var length = Math.Min(ExactSums, count - start);
                var row = patches.AsSpan(i * count + start, length);
                sums[i] += TensorPrimitives.Sum<float>(row);
                for (var j = 0; j <= i; j++)
                    products[i * sums.Length + j] += TensorPrimitives.Dot<float>(row, patches.AsSpan(j * count + start, length));
            }
        });

    // Cholesky's factor row by row, of the lower triangle: L = R'.
    private static PatchCovariance Create(int values, double patches, double[] sums, double[] products)
    {
        var mean = 0.0;
        for (var i = 0; i < values; i++)
        {
            for (var j = 0; j <= i; j++)
                products[i * values + j] = products[i * values + j] / patches - sums[i] / patches * (sums[j] / patches);
            mean += products[i * values + i] / values;
        }

        var damping = Math.Max(Damping * mean, 1); // of pictures that are all alike, too: a pixel's step
        var factor = new double[values * values];
        for (var i = 0; i < values; i++)
        {
            products[i * values + i] += damping;
            for (var j = 0; j <= i; j++)
            {
                var rest = products[i * values + j]
                    - TensorPrimitives.Dot<double>(factor.AsSpan(i * values, j), factor.AsSpan(j * values, j));
                factor[i * values + j] = i == j ? Math.Sqrt(Math.Max(rest, damping)) : rest / factor[j * values + j];
            }
        }

        var ratios = new float[values * values];
        for (var i = 0; i < values; i++)
        {
            for (var j = i + 1; j < values; j++)
                ratios[i * values + j] = (float)(factor[j * values + i] / factor[i * values + i]);
        }

        return new PatchCovariance(values, ratios);
    }
}
