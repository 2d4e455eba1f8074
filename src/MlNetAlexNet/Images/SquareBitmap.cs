using MlNetAlexNet.Models;
using SkiaSharp;

namespace MlNetAlexNet.Images;

/// <summary>A bitmap of four bytes a pixel as a square, and its colours.</summary>
internal static class SquareBitmap
{
    /// <summary>
    /// Makes a picture a square, all in whole pixels rounded down, as ML.NET's <c>IsoCrop</c> and <c>IsoPad</c> do.
    /// </summary>
    /// <param name="whole">The picture: width x height pixels.</param>
    /// <param name="form">The square.</param>
    /// <param name="filter">How pixels between those of the picture are made.</param>
    public static SKBitmap Scale(SKPixmap whole, PictureForm form, SKFilterQuality filter)
    {
        var side = form.Side;
        var (width, height) = form.Mode switch
        {
            ImageResizeMode.Crop => Scaled(Math.Min(whole.Width, whole.Height)), // the shorter one is the side
            ImageResizeMode.Pad => Scaled(Math.Max(whole.Width, whole.Height)),  // the longer one is the side
            _ => (side, side),
        };
        var square = new SKBitmap(new SKImageInfo(side, side, whole.ColorType, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(square);
        canvas.Clear(SKColors.Black);
        using var image = SKImage.FromPixels(whole); // no copy
        using var paint = new SKPaint { FilterQuality = filter };
        canvas.DrawImage(image, SKRect.Create((side - width) / 2, (side - height) / 2, width, height), paint);
        return square;

        (int Width, int Height) Scaled(int length) =>
            (Math.Max(1, (int)((long)whole.Width * side / length)), Math.Max(1, (int)((long)whole.Height * side / length)));
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
