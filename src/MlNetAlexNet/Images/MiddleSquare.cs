using SkiaSharp;

namespace MlNetAlexNet.Images;

/// <summary>The middle square of a bitmap of four bytes a pixel, and its colours.</summary>
internal static class MiddleSquare
{
    /// <summary>
    /// Scales the shorter side to <paramref name="side"/> and keeps the middle of the longer one, all in whole pixels
    /// rounded down, as the paper (Krizhevsky 2012, section 2) and ML.NET's <c>IsoCrop</c> do.
    /// </summary>
    /// <param name="whole">The picture: width x height pixels.</param>
    /// <param name="side">Side of the square, in pixels.</param>
    /// <param name="filter">How pixels between those of the picture are made.</param>
    public static SKBitmap Scale(SKPixmap whole, int side, SKFilterQuality filter)
    {
        var shorter = Math.Min(whole.Width, whole.Height);
        var (width, height) = (Scaled(whole.Width), Scaled(whole.Height)); // the shorter one is the side
        var square = new SKBitmap(new SKImageInfo(side, side, whole.ColorType, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(square);
        using var image = SKImage.FromPixels(whole); // no copy
        using var paint = new SKPaint { FilterQuality = filter };
        canvas.DrawImage(image, SKRect.Create((side - width) / 2, (side - height) / 2, width, height), paint);
        return square;

        int Scaled(int length) => (int)((long)length * side / shorter);
    }

    /// <summary>Copies side x side x 4 bytes to side x side x 3 bytes: rows of red, green, blue.</summary>
    public static void CopyColours(SKBitmap square, Span<byte> pixels)
    {
        var four = square.GetPixelSpan();
        var (red, blue) = square.ColorType == SKColorType.Rgba8888 ? (0, 2) : (2, 0);
        for (int from = 0, to = 0; from + 3 < four.Length; from += 4, to += 3)
        {
            pixels[to] = four[from + red];
            pixels[to + 1] = four[from + 1];
            pixels[to + 2] = four[from + blue];
        }
    }
}
