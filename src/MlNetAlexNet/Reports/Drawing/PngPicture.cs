using SkiaSharp;

namespace MlNetAlexNet.Reports.Drawing;

/// <summary>Pictures that are drawn pixel by pixel.</summary>
internal static class PngPicture
{
    /// <summary>A PNG to be named in a page.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="colors">Of each pixel, row by row: red, green, blue and opacity.</param>
    public static string Encode(int width, int height, ReadOnlySpan<SKColor> colors)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul) { Pixels = colors.ToArray() };
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return $"data:image/png;base64,{Convert.ToBase64String(png.AsSpan())}";
    }
}
