using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Quantization;

/// <summary>Some of the training pictures, drawn by a seed, decoded one by one.</summary>
internal sealed class CalibrationPictures(
    QuantizationOptions options, IReadOnlyList<LabeledImage> train, IProgress<QuantizationProgress>? progress)
{
    private readonly List<string> _leftOut = [];

    /// <summary>Those that were drawn and could not be decoded; others took their places.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>Their pixels, side x side x 3 bytes each.</summary>
    /// <param name="form">The square.</param>
    /// <exception cref="AlexNetException">One cannot be decoded and may not be left out.</exception>
    public IEnumerable<byte[]> Decode(PictureForm form)
    {
        var pictures = train.ToArray();
        new Random(options.Seed).Shuffle(pictures);
        var (done, total) = (0, Math.Min(options.CalibrationPictures, pictures.Length));
        progress?.Report(new QuantizationProgress(QuantizationStage.Calibrating, done, total));
        foreach (var picture in pictures)
        {
            if (done == options.CalibrationPictures)
                yield break;

            if (Pixels(picture.ImagePath, form) is not { } pixels)
                continue;

            yield return pixels;
            progress?.Report(new QuantizationProgress(QuantizationStage.Calibrating, ++done, total));
        }
    }

    private byte[]? Pixels(string path, PictureForm form)
    {
        try
        {
            return PixelDecoder.Decode(path, form.Side, form.Mode, options.MaximumPixels);
        }
        catch (AlexNetException) when (options.SkipBadImages)
        {
            _leftOut.Add(path);
            return null;
        }
    }
}
