using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.Tests;
using MlNetAlexNet.Training.Data;
using NetVips;
using SkiaSharp;

namespace MlNetAlexNet.Benchmarks.Scoring;

/// <summary>JPEG files to squares of 256 pixels in memory, on one core, by ML.NET, by this library and by libvips.</summary>
internal static class Decode
{
    private const int Side = 256;

    public static IEnumerable<Result> Run(Settings settings)
    {
        NetVips.NetVips.Concurrency = 1;
        var photographs = settings.Files("test");
        using var folder = new TemporaryFolder();
        var large = Enumerable.Range(0, 8).Select(i => Compose(photographs, i, folder.Path)).ToArray();
        return
        [
            .. Compare("decode", large, Bar.AtLeast(4)),
            .. Compare("decode-small", [.. photographs.Take(100)], null),
            .. Comparison.Run(
                "decode-cache", "images/s", settings.Rounds,
                new("ML.NET's stages, a PredictionEngine a core", () => ScoreFolder.Rate(() => Engines(photographs))),
                new Contender("the pixel cache", () => ScoreFolder.Rate(() => Cache(photographs)), Bar.AtLeast(1.2))),
        ];

        IEnumerable<Result> Compare(string name, string[] paths, Bar? bar) => Comparison.Run(
            name, "images/s", settings.Rounds,
            new("ML.NET LoadImages, ResizeImages", () => ScoreFolder.Rate(() => Stock(paths))),
            new("SkiaSharp at a DCT scale", () => ScoreFolder.Rate(() => Ours(paths)), bar),
            new("NetVips thumbnail", () => ScoreFolder.Rate(() => Vips(paths))));
    }

    private static int Stock(string[] paths)
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(paths.Select(path => new LabeledImage { ImagePath = path }));
        var resized = ml.Transforms.LoadImages("Image", null, "ImagePath")
            .Append(ml.Transforms.ResizeImages("Image", Side, Side, "Image", ImageResizingEstimator.ResizingKind.IsoCrop))
            .Fit(view).Transform(view);
        using var rows = resized.GetRowCursor([resized.Schema["Image"]]);
        var getImage = rows.GetGetter<MLImage>(resized.Schema["Image"]);
        MLImage image = null!;
        var count = 0;
        while (rows.MoveNext())
        {
            getImage(ref image);
            count++;
        }

        image.Dispose();
        return count;
    }

    private static int Ours(string[] paths)
    {
        var pixels = new byte[PictureForm.Default.Bytes];
        foreach (var path in paths)
            PixelDecoder.Decode(path, PictureForm.Default, pixels, DecodeBounds.Default);

        return paths.Length;
    }

    private static int Engines(IReadOnlyList<string> paths)
    {
        var ml = new MLContext(seed: 1);
        var stages = ml.Transforms.LoadImages("Image", null, "ImagePath")
            .Append(ml.Transforms.ResizeImages("Image", Side, Side, "Image", ImageResizingEstimator.ResizingKind.IsoCrop))
            .Append(ml.Transforms.ExtractPixels(
                "Pixels", "Image", interleavePixelColors: true, outputAsFloatArray: false))
            .Fit(ml.Data.LoadFromEnumerable<LabeledImage>([]));
        using var engines = new ThreadLocal<PredictionEngine<LabeledImage, PixelsRow>>(
            () => ml.Model.CreatePredictionEngine<LabeledImage, PixelsRow>(
                stages, new PredictionEngineOptions { OwnsTransformer = false }),
            trackAllValues: true);
        var bytes = paths.AsParallel().Sum(
            path => (long)engines.Value!.Predict(new LabeledImage { ImagePath = path }).Pixels.Length);
        foreach (var engine in engines.Values)
            engine.Dispose();

        return (int)(bytes / PictureForm.Default.Bytes);
    }

    private static int Cache(IReadOnlyList<string> paths)
    {
        PixelCache.Open(paths, PictureForm.Default, DecodeBounds.Default, folder: null).Pixels.Dispose();
        return paths.Count;
    }

    private static int Vips(string[] paths)
    {
        foreach (var path in paths)
        {
            using var image = Image.Thumbnail(path, Side, height: Side, crop: Enums.Interesting.Centre);
            image.WriteToMemory<byte>();
        }

        return paths.Length;
    }

    private sealed class PixelsRow
    {
        [VectorType(Side, Side, 3)]
        public VBuffer<byte> Pixels { get; set; }
    }

    /// <summary>A JPEG of 12 megapixels and quality 90 out of twelve photographs, each turned into 1000 x 1000.</summary>
    private static string Compose(IReadOnlyList<string> photographs, int number, string folder)
    {
        using var bitmap = new SKBitmap(4000, 3000);
        using var canvas = new SKCanvas(bitmap);
        using var smooth = new SKPaint { FilterQuality = SKFilterQuality.High };
        for (var i = 0; i < 12; i++)
        {
            using var photograph = SKBitmap.Decode(photographs[((number * 12) + i) % photographs.Count]);
            canvas.DrawBitmap(photograph, SKRect.Create(i % 4 * 1000, i / 4 * 1000, 1000, 1000), smooth);
        }

        var path = Path.Combine(folder, $"{number}.jpg");
        using var file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Jpeg, 90);
        return path;
    }
}
