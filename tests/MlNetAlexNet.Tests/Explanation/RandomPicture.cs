using SkiaSharp;

namespace MlNetAlexNet.Tests.Explanation;

/// <summary>Pictures of given or random pixels.</summary>
internal static class RandomPicture
{
    public static string Draw(string folder, int width, int height, Random random)
    {
        using var bitmap = new SKBitmap(width, height);
        for (var i = 0; i < width * height; i++)
            bitmap.SetPixel(i % width, i / width, new SKColor((uint)random.Next() | 0xFF00_0000));
        return Save(bitmap, Path.Combine(folder, "random.png"));
    }

    /// <summary>A square of RGB bytes as a PNG in memory.</summary>
    public static byte[] AsPng(byte[] pixels, int side)
    {
        using var bitmap = new SKBitmap(side, side);
        for (var i = 0; i < side * side; i++)
            bitmap.SetPixel(i % side, i / side, new SKColor(pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]));
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    public static string Save(SKBitmap bitmap, string path)
    {
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, png.ToArray());
        return path;
    }
}
