using MlNetAlexNet.Models;
using SkiaSharp;

namespace MlNetAlexNet.Explanation;

/// <summary>The whole upright picture in grey, in the size of the overlay.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Grey">Rows of a byte a pixel.</param>
internal sealed record Backdrop(int Width, int Height, byte[] Grey)
{
    // The longer side: small pictures become large enough to look at, large ones fit a page.
    private const int Least = 512;
    private const int Most = 1024;

    /// <summary>The overlay's size.</summary>
    /// <param name="picture">The picture's.</param>
    public static SKSizeI ChooseSize(SKSizeI picture)
    {
        var longer = Math.Max(picture.Width, picture.Height);
        var scale = (double)Math.Clamp(longer, Least, Most) / longer;
        return new SKSizeI(Scaled(picture.Width), Scaled(picture.Height));

        int Scaled(int pixels) => Math.Max(1, (int)Math.Round(pixels * scale));
    }

    /// <summary>Draws it.</summary>
    /// <param name="picture">The picture, upright.</param>
    /// <param name="size">The overlay's.</param>
    public static Backdrop Draw(SKBitmap picture, SKSizeI size)
    {
        using var scaled = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(scaled))
        {
            canvas.Clear(SKColors.Black); // as the network sees transparent parts
            using var paint = new SKPaint { FilterQuality = SKFilterQuality.High };
            canvas.DrawBitmap(picture, SKRect.Create(size.Width, size.Height), paint);
        }

        var grey = new byte[size.Width * size.Height];
        var colours = scaled.GetPixelSpan();
        for (var i = 0; i < grey.Length; i++)
            grey[i] = GreyValue.Of(colours[4 * i], colours[(4 * i) + 1], colours[(4 * i) + 2]);
        return new Backdrop(size.Width, size.Height, grey);
    }
}
