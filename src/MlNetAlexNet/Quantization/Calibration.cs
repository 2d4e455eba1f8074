using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Quantization;

/// <summary>Observes a network on pictures of the kind it will see.</summary>
internal static class Calibration
{
    /// <summary>
    /// Share of an activation's values that stay within its range: one in 100,000 is clipped. Measured on 341 validation
    /// pictures of clothing after calibration on 256, the KL divergence of the int8 probabilities from the float ones was
    /// 0.0034 with 0.999, 0.0005 with 0.9999, 0.0002 with 0.99999 and as much with all values.
    /// </summary>
    private const double Percentile = 0.99999;

    // The first pictures are kept for the rounding and the biases, which look at them several times.
    private const int MostKept = 256;
    private const int LeastKept = 8;
    private const int MostKeptBytes = 64 << 20;

    /// <summary>
    /// Learns the ranges of the activations, then how the first kernel is rounded, then the biases, one after the other
    /// since each rests on those before it.
    /// </summary>
    /// <param name="model">The network.</param>
    /// <param name="pictures">Pixels, each ImageSize x ImageSize x 3 bytes of interleaved RGB; one at least.</param>
    /// <param name="progress">Receives a report for every layer whose bias is corrected. Default null.</param>
    /// <param name="cancellationToken">Ends the work between two pictures.</param>
    /// <exception cref="AlexNetException">There are no pictures, or one has another size.</exception>
    public static Calibrated Measure(
        TrainedModel model,
        IEnumerable<byte[]> pictures,
        IProgress<QuantizationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        // The middle alone: what crops give, whichever are scored, so that an 8-bit file can be given other views as well.
        model = model.WithViews(ScoringViews.Middle);
        var (kept, mostKept) = (new List<byte[]>(), CountKept(model.Preprocessing.Form));
        var ranges = new Calibrated(MeasureRanges(model, Keep(), cancellationToken));
        var rounded = ranges with { Patches = PatchCovariance.Measure(model, kept, cancellationToken) };
        return BiasCorrection.Correct(model, rounded, kept, progress, cancellationToken);

        IEnumerable<byte[]> Keep()
        {
            foreach (var picture in pictures)
            {
                if (kept.Count < mostKept)
                    kept.Add([.. picture]); // the caller may fill the array anew
                yield return picture;
            }
        }
    }

    /// <summary>How many pictures are kept: 256, less where they are more than 64 MB (of above 295 pixels), 8 at least.</summary>
    internal static int CountKept(PictureForm form) => Math.Clamp(MostKeptBytes / form.Bytes, LeastKept, MostKept);

    private static Dictionary<string, ActivationRange> MeasureRanges(
        TrainedModel model, IEnumerable<byte[]> pictures, CancellationToken cancellationToken)
    {
        var names = OnnxExport.ListActivations(model.Plan).ToList();
        var histograms = names.Select(_ => new ActivationHistogram()).ToList();
        var form = model.Preprocessing.Form;
        using var graph = OnnxExport.Create(model, observed: names);
        using var network = new ObservedGraph(graph, form.Side, names);
        var count = 0;
        foreach (var picture in pictures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            count++;
            if (picture.Length != form.Bytes)
            {
                throw new AlexNetException(
                    $"Calibration picture {count} has {picture.Length} bytes; the model takes {form.Side} x {form.Side} x 3.");
            }

            network.Run(picture, (i, values) => histograms[i].Add(values));
        }

        return count > 0
            ? names.Zip(histograms).ToDictionary(pair => pair.First, pair => pair.Second.Range(Percentile))
            : throw new AlexNetException("There are no pictures to calibrate on; give a hundred or more of the training pictures.");
    }
}
