using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Images;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class SquarePixelsTests
{
    private const int Side = 256;

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void Decode_PicturesThatAreNotScaledByTheDecoder_EqualsLoadPixelsByteForByte()
    {
        using var folder = new TemporaryFolder();
        string[] paths =
        [
            .. Directory.EnumerateFiles(Path.Combine(Datasets.Clothing, "test"), "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal).Take(20),
            .. Directory.EnumerateFiles(Expected.PngSuite, "b*.png"),
            .. Directory.EnumerateFiles(Path.Combine(Datasets.Hostile, "exif"), "*.jpg"),
            folder.Write("exact.jpg", Pictures.Gradient(Side, Side, SKEncodedImageFormat.Jpeg)),
            folder.Write("clear.png", Pictures.Flat(256, 256, new(200, 100, 50, 128), SKEncodedImageFormat.Png)),
            folder.Write("small.jpg", Pictures.Gradient(61, 61, SKEncodedImageFormat.Jpeg)),
            folder.Write("large.png", Pictures.Gradient(1500, 1100, SKEncodedImageFormat.Png)),
            folder.Write("long.jpg", Pictures.Gradient(4000, 300, SKEncodedImageFormat.Jpeg)),
        ];

        foreach (var (path, expected) in paths.Zip(LoadPixels(paths)))
        {
            if (ShorterSide(path) * 6 / 8 >= Side - 1 && path.EndsWith(".jpg", StringComparison.Ordinal))
                continue; // decoded at a fraction

            CollectionAssert.AreEqual(expected, Decode(path), path);
        }
    }

    [TestMethod]
    [DataRow(400, 533)]
    [DataRow(512, 700)]
    [DataRow(1024, 1025)]
    [DataRow(2900, 2200)]
    public void Decode_LargeJpeg_IsCloseToLoadPixels(int width, int height)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("large.jpg", Smooth(width, height));

        var difference = LoadPixels(path).Single().Zip(Decode(path), (a, b) => Math.Abs(a - b)).ToList();

        TestContext.WriteLine($"mean {difference.Average():0.00}, largest {difference.Max()}");
        Assert.IsLessThan(1.0, difference.Average());
    }

    [TestMethod]
    [DataRow(330, 800, 330, 800)]
    [DataRow(400, 533, 300, 400)]
    [DataRow(510, 800, 319, 500)]
    [DataRow(512, 800, 256, 400)]
    [DataRow(1024, 2000, 256, 500)]
    [DataRow(4000, 3000, 500, 375)]
    [DataRow(1021, 1021, 256, 256)] // a quarter, rounded up
    public void JpegScale_OfAPicture_IsTheSmallestThatCovers(int width, int height, int smallWidth, int smallHeight)
    {
        using var data = SKData.CreateCopy(Pictures.Flat(width, height, SKColors.Red, SKEncodedImageFormat.Jpeg));
        using var codec = SKCodec.Create(data);

        Assert.AreEqual(new SKSizeI(smallWidth, smallHeight), JpegScale.Smallest(codec, Side));
    }

    [TestMethod]
    public void Decode_LargeJpegWithATurn_IsTurned()
    {
        // Stored: top half red, bottom half blue; orientation 6 puts the stored top at the right.
        using var bitmap = new SKBitmap(1200, 1200);
        bitmap.Erase(SKColors.Blue);
        bitmap.Erase(SKColors.Red, new SKRectI(0, 0, 1200, 600));
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        var pixels = new byte[SquarePixels.Length(Side)];

        SquarePixels.Decode(Pictures.WithOrientation(jpeg.ToArray(), 6), "picture", Side, pixels);

        Assert.IsGreaterThan(200, pixels[3 * (Side - 1)], "top right is red");
        Assert.IsGreaterThan(200, pixels[2], "top left is blue");
    }

    [TestMethod]
    [DataRow(0.5)]
    [DataRow(0.98)]
    public void Decode_LargeJpegThatEndsEarly_IsRefused(double kept)
    {
        var whole = Smooth(1500, 1500);
        var fault = Assert.ThrowsExactly<AlexNetException>(() => SquarePixels.Decode(
            whole.AsSpan(0, (int)(kept * whole.Length)), "picture 'x'", Side, new byte[SquarePixels.Length(Side)]));

        StringAssert.Contains(fault.Message, "The picture 'x' is damaged");
    }

    [TestMethod]
    public void Decode_EveryHostilePicture_IsRefusedExactlyWhenImageDecoderRefuses()
    {
        var all = Directory.EnumerateFiles(Datasets.Hostile, "*.jpg", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Expected.PngSuite, "*.png")).Order(StringComparer.Ordinal).ToList();
        var bad = ImageDecoder.FindBad(all, TestContext.CancellationToken).ToDictionary(image => image.Path);

        foreach (var path in all)
        {
            if (bad.TryGetValue(path, out var image))
                Assert.AreEqual(image.Reason, Assert.ThrowsExactly<AlexNetException>(() => Decode(path)).Message);
            else
                Decode(path);
        }
    }

    private static byte[] Decode(string path)
    {
        var pixels = new byte[SquarePixels.Length(Side)];
        SquarePixels.Decode(ImageDecoder.ReadFile(path), ImageDecoder.NameOf(path), Side, pixels);
        return pixels;
    }

    private static List<byte[]> LoadPixels(params string[] paths)
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(paths.Select(path => new LabeledImage { ImagePath = path }));
        return [.. ml.Transforms.LoadPixels(Side).Fit(view).Transform(view).GetColumn<byte[]>("Pixels")];
    }

    private static int ShorterSide(string path)
    {
        using var image = ImageDecoder.Decode(path);
        return Math.Min(image.Width, image.Height);
    }

    private static byte[] Smooth(int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint
        {
            Shader = SKShader.CreateRadialGradient(
                new SKPoint(width / 3, height / 2), width, [SKColors.Orange, SKColors.Navy], SKShaderTileMode.Clamp),
        };
        canvas.DrawPaint(paint);
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return jpeg.ToArray();
    }
}
