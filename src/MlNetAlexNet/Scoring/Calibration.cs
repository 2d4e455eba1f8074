using Microsoft.ML.OnnxRuntime;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Models;
using MlNetAlexNet.Quantization;

namespace MlNetAlexNet.Scoring;

/// <summary>Observes the activations of a network on pictures of the kind it will see.</summary>
internal static class Calibration
{
    /// <summary>
    /// Share of an activation's values that stay within its range: one in 10,000 is clipped. Of 99.9, 99.99 and 99.999
    /// the one that agreed best with the float network on clothing pictures.
    /// </summary>
    public const double Percentile = 0.9999;

    /// <summary>Runs the float network over the pictures.</summary>
    /// <param name="model">The network.</param>
    /// <param name="pictures">Pixels, each ImageSize x ImageSize x 3 bytes of interleaved RGB; one at least.</param>
    /// <param name="cancellationToken">Ends the work between two pictures.</param>
    /// <param name="percentile">Share of the values that stay within the range. Default <see cref="Percentile"/>.</param>
    /// <returns>The range of each value of <see cref="OnnxExport.Activations"/>.</returns>
    public static IReadOnlyDictionary<string, ActivationRange> Ranges(
        TrainedModel model,
        IEnumerable<byte[]> pictures,
        CancellationToken cancellationToken,
        double percentile = Percentile)
    {
        const string pixels = "Pixels";
        var names = OnnxExport.Activations(model.Plan).ToList();
        var histograms = names.Select(_ => new ActivationHistogram()).ToList();
        var size = model.Preprocessing.ImageSize;
        using var session = Session(model, pixels, names);
        using var options = new RunOptions();
        foreach (var picture in names.Count == 0 ? [] : pictures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var input = OrtValue.CreateTensorValueFromMemory(picture, [1, size, size, 3]);
            using var values = session.Run(options, [pixels], [input], names);
            for (var i = 0; i < names.Count; i++)
                histograms[i].Add(values[i].GetTensorDataAsSpan<float>());
        }

        return names.Zip(histograms).ToDictionary(pair => pair.First, pair => pair.Second.Range(percentile));
    }

    // By way of a file: the network in memory would be one more copy beside the weights and the session's own.
    private static InferenceSession Session(TrainedModel model, string pixels, IReadOnlyList<string> observed)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (var file = File.Create(path))
                OnnxExport.Write(model, pixels, file, observed);

            return new InferenceSession(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
