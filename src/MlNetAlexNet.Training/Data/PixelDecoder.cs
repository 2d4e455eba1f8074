using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Data;

/// <summary>Paths to pixels, one by one, through the stages of <see cref="ImageCatalog.LoadPixels"/>. Safe for many threads.</summary>
internal sealed class PixelDecoder : IDisposable
{
    public const int ImageSize = ImagePreprocessing.DefaultImageSize;

    /// <summary>What the pixels depend on beside the pictures: the stages here, and the packages that compute them.</summary>
    public static readonly string Version = string.Join(
        ' ',
        "LoadPixels 1", // to be raised when its stages change
        ImageSize,
        typeof(MLImage).Assembly.FullName,
        typeof(SkiaSharp.SKBitmap).Assembly.FullName);

    private readonly ThreadLocal<PredictionEngine<Input, Output>> _engines;

    public PixelDecoder()
    {
        var ml = new MLContext();
        var stages = ml.Transforms.LoadPixels(ImageSize).Fit(ml.Data.LoadFromEnumerable<Input>([]));
        _engines = new(() => ml.Model.CreatePredictionEngine<Input, Output>(stages), trackAllValues: true);
    }

    /// <summary>The picture, valid until this thread's next call.</summary>
    /// <exception cref="AlexNetException">It cannot be decoded.</exception>
    public ReadOnlySpan<byte> Decode(string path)
    {
        var pixels = _engines.Value!.Predict(new Input { ImagePath = path }).Pixels;
        return pixels.GetValues();
    }

    public void Dispose()
    {
        foreach (var engine in _engines.Values)
        {
            engine.Dispose();
        }

        _engines.Dispose();
    }

    private sealed class Input
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class Output
    {
        [VectorType(ImageSize, ImageSize, 3)]
        public VBuffer<byte> Pixels { get; set; }
    }
}
