using Microsoft.ML.Data;
using SkiaSharp;

namespace MlNetAlexNet.Images;

/// <summary>
/// Pictures to the bytes that the network takes: a square in rows of red, green, blue. The same work as the stages of
/// <see cref="ImageCatalog.LoadPixels"/>, byte for byte, but without ML.NET's rows and copies, and with large JPEGs
/// decoded at a fraction of their size.
/// </summary>
internal static class SquarePixels
{
    private const SKFilterQuality StockFilter = SKFilterQuality.High;

    /// <summary>Bytes of a square.</summary>
    public static int Length(int side) => 3 * side * side;

    /// <summary>Decodes a picture.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="name">How an error calls it.</param>
    /// <param name="side">Side of the square, in pixels.</param>
    /// <param name="pixels">Receives the square.</param>
    /// <exception cref="AlexNetException">It is no picture, damaged or too large.</exception>
    public static void Decode(ReadOnlySpan<byte> encoded, string name, int side, Span<byte> pixels)
    {
        using var bitmap = UprightBitmap.Decode(encoded, name, side, out var isScaled);

        // A picture that the decoder has scaled is less than twice as large as the square: the cheaper filter suffices.
        Write(bitmap, side, pixels, isScaled ? SKFilterQuality.Medium : StockFilter);
    }

    /// <summary>Takes a decoded picture.</summary>
    public static unsafe void Of(MLImage image, int side, Span<byte> pixels)
    {
        var type = image.PixelFormat == MLPixelFormat.Rgba32 ? SKColorType.Rgba8888 : SKColorType.Bgra8888;
        fixed (byte* start = image.Pixels)
        {
            using var bitmap = new SKBitmap();
            bitmap.InstallPixels(new SKImageInfo(image.Width, image.Height, type), (nint)start);
            Write(bitmap, side, pixels, StockFilter);
        }
    }

    private static void Write(SKBitmap bitmap, int side, Span<byte> pixels, SKFilterQuality filter)
    {
        if (bitmap.Width == side && bitmap.Height == side)
        {
            WriteColours(bitmap, pixels);
            return;
        }

        using var square = IsoCrop(bitmap, side, filter);
        WriteColours(square, pixels);
    }

    // MLImage.ResizeWithCrop of ML.NET 5.0.1, to the operation, so that the bytes are the same.
    private static SKBitmap IsoCrop(SKBitmap bitmap, int side, SKFilterQuality filter)
    {
        var widthAspect = (float)side / bitmap.Width;
        var heightAspect = (float)side / bitmap.Height;
        var aspect = heightAspect < widthAspect ? widthAspect : heightAspect;
        var x = heightAspect < widthAspect ? 0 : (int)((side - (bitmap.Width * aspect)) / 2);
        var y = heightAspect < widthAspect ? (int)((side - (bitmap.Height * aspect)) / 2) : 0;
        var (width, height) = ((int)(bitmap.Width * aspect), (int)(bitmap.Height * aspect));

        var square = new SKBitmap(side, side, isOpaque: true);
        using var canvas = new SKCanvas(square);
        using var paint = new SKPaint { FilterQuality = filter };
        canvas.DrawBitmap(
            bitmap, new SKRect(0, 0, bitmap.Width, bitmap.Height), new SKRect(x, y, x + width, y + height), paint);
        return square;
    }

    private static void WriteColours(SKBitmap bitmap, Span<byte> pixels)
    {
        var four = bitmap.GetPixelSpan();
        var (red, blue) = bitmap.ColorType == SKColorType.Rgba8888 ? (0, 2) : (2, 0);
        for (int from = 0, to = 0; to + 2 < pixels.Length; from += 4, to += 3)
        {
            pixels[to] = four[from + red];
            pixels[to + 1] = four[from + 1];
            pixels[to + 2] = four[from + blue];
        }
    }
}
