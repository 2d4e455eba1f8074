using SkiaSharp;

namespace MlNetAlexNet.Tests.Inspection;

/// <summary>A picture as it comes back from elsewhere, all of them JPEG again.</summary>
internal static class Copies
{
    public static byte[] Recompress(byte[] picture, int quality) => Change(picture, bitmap => bitmap.Copy(), quality);

    public static byte[] Halve(byte[] picture) => Change(
        picture, bitmap => bitmap.Resize(new SKImageInfo(bitmap.Width / 2, bitmap.Height / 2), SKFilterQuality.Medium));

    /// <summary>All values times 1.05.</summary>
    public static byte[] Brighten(byte[] picture) => Change(picture, bitmap =>
    {
        var bright = new SKBitmap(bitmap.Info);
        using var canvas = new SKCanvas(bright);
        using var filter = SKColorFilter.CreateColorMatrix(
            [1.05f, 0, 0, 0, 0, 0, 1.05f, 0, 0, 0, 0, 0, 1.05f, 0, 0, 0, 0, 0, 1, 0]);
        using var paint = new SKPaint { ColorFilter = filter };
        canvas.DrawBitmap(bitmap, 0, 0, paint);
        return bright;
    });

    /// <summary>2% less at each border.</summary>
    public static byte[] CutBorders(byte[] picture) => Change(picture, bitmap =>
    {
        var (x, y) = ((int)Math.Round(0.02 * bitmap.Width), (int)Math.Round(0.02 * bitmap.Height));
        var part = new SKBitmap();
        bitmap.ExtractSubset(part, SKRectI.Create(x, y, bitmap.Width - (2 * x), bitmap.Height - (2 * y)));
        return part;
    });

    private static byte[] Change(byte[] picture, Func<SKBitmap, SKBitmap> change, int quality = 90)
    {
        using var bitmap = SKBitmap.Decode(picture);
        using var changed = change(bitmap);
        using var data = changed.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }
}
