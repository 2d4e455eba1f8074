using System.Numerics.Tensors;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Quantization;

/// <summary>
/// Rounding moves the mean of what a layer gives, and every layer behind it adds to that. From the first layer to the last
/// each channel's bias takes up by how much its sums are off on the mean over pictures and places, with the layers before
/// it quantized and corrected already (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias
/// Correction", section 4.2, the empirical form of appendix D).
/// </summary>
internal static class BiasCorrection
{
    /// <summary>Adds the shifts of the biases to what calibration has learnt.</summary>
    /// <param name="model">The float network.</param>
    /// <param name="calibrated">The ranges and the rounding.</param>
    /// <param name="pictures">Pixels.</param>
    /// <param name="progress">Receives a report for every layer.</param>
    /// <param name="cancellationToken">Ends the work between two pictures.</param>
    public static Calibrated Correct(
        TrainedModel model,
        Calibrated calibrated,
        IReadOnlyList<byte[]> pictures,
        IProgress<QuantizationProgress>? progress,
        CancellationToken cancellationToken)
    {
        var layers = model.Plan.Where(layer => layer.Layer is WeightedLayer).ToList();
        string[] names = [.. layers.Select(layer => layer.Name)];
        using var inFloats = OnnxExport.Create(model, observed: names);
        var wanted = MeasureMeans(inFloats, layers);
        var shifts = new Dictionary<string, float[]>();
        calibrated = calibrated with { BiasShifts = shifts };
        foreach (var (layer, means) in layers.Zip(wanted))
        {
            progress?.Report(new QuantizationProgress(QuantizationStage.Correcting, shifts.Count + 1, layers.Count));
            using var inCodes = OnnxInt8Export.CreateUpTo(model, calibrated, layer);
            var actual = MeasureMeans(inCodes, [layer])[0];
            shifts[layer.Name] = [.. means.Zip(actual, (is32, is8) => (float)(is32 - is8))];
        }

        return calibrated;

        // Of each channel of the layers' sums.
        double[][] MeasureMeans(ScoringGraph graph, IReadOnlyList<PlannedLayer> observed)
        {
            var sums = observed.Select(layer => new double[layer.Output.Channels]).ToArray();
            using var network = new ObservedGraph(
                graph, model.Preprocessing.ImageSize, [.. observed.Select(layer => layer.Name)]);
            foreach (var picture in pictures)
            {
                cancellationToken.ThrowIfCancellationRequested();
                network.Run(picture, (i, values) => // channels x places
                {
                    var places = values.Length / sums[i].Length;
                    for (var channel = 0; channel < sums[i].Length; channel++)
                        sums[i][channel] += TensorPrimitives.Sum(values.Slice(channel * places, places)) / places;
                });
            }

            return [.. sums.Select(each => each.Select(sum => sum / pictures.Count).ToArray())];
        }
    }
}
