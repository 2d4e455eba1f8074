using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Quantization;

/// <summary>
/// Static post-training quantization of a model zip: the same stages and columns with a network of 8-bit weights and
/// activations, a quarter of the size and several times as fast. Any app that loads the one zip loads the other. The bias of
/// every layer takes up what rounding moves its mean by. The first kernel is rounded with a view to the pixels it meets, where it
/// is that of an unpadded convolution of one group and at most 1,024 values a channel, and the model has no mean image.
/// </summary>
public static class ModelQuantization
{
    /// <summary>Writes the quantized zip, whole or not at all.</summary>
    /// <param name="source">Model zip of float32, as training writes it.</param>
    /// <param name="pictures">
    /// Pixels of pictures to learn the ranges of the activations from, each ImageSize x ImageSize x 3 bytes of
    /// interleaved RGB: a hundred or more of the training pictures, in no special order.
    /// </param>
    /// <param name="target">Zip to write; what stands there is replaced.</param>
    /// <param name="cancellationToken">Ends the work; nothing is written then.</param>
    /// <exception cref="AlexNetException">
    /// The source is no float32 model zip of this library, there are no pictures or
    /// of another size, or the target cannot be written.
    /// </exception>
    public static void Quantize(
        string source, IEnumerable<byte[]> pictures, string target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        Quantize(source, _ => pictures, target, progress: null, cancellationToken);
    }

    /// <param name="source">Model zip of float32.</param>
    /// <param name="pictures">Gives the pictures as squares.</param>
    /// <param name="target">Zip to write.</param>
    /// <param name="progress">Receives a report for every layer whose bias is corrected.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal static void Quantize(
        string source,
        Func<PictureForm, IEnumerable<byte[]>> pictures,
        string target,
        IProgress<QuantizationProgress>? progress,
        CancellationToken cancellationToken)
    {
        var model = ModelZip.Read(source, out var pixels);
        var calibrated = Calibration.Measure(model, pictures(model.Preprocessing.Form), progress, cancellationToken);
        using var graph = OnnxInt8Export.Create(model, calibrated, pixels);
        ModelZipWriter.Write(source, graph, target);
    }
}
