using MlNetAlexNet.Models;
using SkiaSharp;

namespace MlNetAlexNet.Images;

/// <summary>A bitmap of four bytes a pixel as a square, and its colours.</summary>
internal static class SquareBitmap
{
    /// <summary>
    /// Makes a picture a square, all in whole pixels rounded down, as ML.NET's <c>IsoCrop</c> and <c>IsoPad</c> do.
    /// </summary>
    /// <param name="picture">The picture: width x height pixels.</param>
    /// <param name="size">
    /// Its size before the decoder has scaled it, which rounds up: by its own, what is rounded down here could be another
    /// number.
    /// </param>
    /// <param name="form">The square.</param>
    /// <param name="filter">How pixels between those of the picture are made.</param>
    public static SKBitmap Scale(SKPixmap picture, SKSizeI size, PictureForm form, SKFilterQuality filter)
    {
        var side = form.Side;
        var square = new SKBitmap();
        if (!square.TryAllocPixels(new SKImageInfo(side, side, picture.ColorType, SKAlphaType.Opaque)))
            throw new InsufficientMemoryException($"There is no memory for a square of {side} pixels.");

        using var canvas = new SKCanvas(square);
        canvas.Clear(SKColors.Black);
        using var image = SKImage.FromPixels(picture); // no copy
        using var paint = new SKPaint { FilterQuality = filter };
        canvas.DrawImage(image, Place(size, form), paint);
        return square;
    }

    /// <summary>Where a picture lies on the square, in pixels of it; what goes beyond is cut off.</summary>
    /// <param name="size">The picture's, before the decoder has scaled it.</param>
    /// <param name="form">The square.</param>
    public static SKRect Place(SKSizeI size, PictureForm form)
    {
        var side = form.Side;
        return form.Mode switch
        {
            ImageResizeMode.Crop => InTheMiddle(Math.Min(size.Width, size.Height)), // the shorter side is the square's
            ImageResizeMode.Pad => InTheMiddle(Math.Max(size.Width, size.Height)),  // the longer one is
            _ => SKRect.Create(side, side),
        };

        // The picture's side of that length becoming the square's.
        SKRect InTheMiddle(long length) => SKRect.Create(
            Offset(size.Width, length), Offset(size.Height, length), Scaled(size.Width, length), Scaled(size.Height, length));

        int Scaled(int pixels, long length) => Math.Max(1, (int)(pixels * side / length));

        int Offset(int pixels, long length) => (int)((length - pixels) * side / (2 * length));
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
