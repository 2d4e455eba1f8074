using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using SkiaSharp;

namespace MlNetAlexNet.Reports.Drawing;

/// <summary>
/// Small pictures for a page: the squares that the network sees of them. They come to so many bytes at the most, first asked for first
/// served.
/// </summary>
/// <param name="mode">How a picture becomes a square.</param>
/// <param name="budget">Bytes of all of them as they stand in the page.</param>
/// <param name="cancel">Ends it.</param>
internal sealed class Thumbnails(ImageResizeMode mode, int budget, CancellationToken cancel)
{
    /// <summary>Of each, in pixels: sharp on a screen that shows two for one.</summary>
    public const int Side = 128;

    private const int Quality = 70; // of JPEG, 3 to 5 kB each
    private const int NoMore = 1 << 10; // a picture takes more than that

    private readonly Dictionary<string, string?> _made = new(StringComparer.Ordinal);
    private int _left = budget;

    /// <summary>Of the picture in a file, to be named in the page; null where it is gone or there is no room for more.</summary>
    public string? Find(string path)
    {
        if (_left < NoMore)
            return null;

        cancel.ThrowIfCancellationRequested();
        if (!_made.TryGetValue(path, out var made))
            _made[path] = made = Make(path);
        _left -= made?.Length ?? 0; // a page holds a picture as often as it shows it
        return made;
    }

    private string? Make(string path)
    {
        try
        {
            var pixels = new byte[3 * Side * Side];
            PixelDecoder.Decode(path, new PictureForm(Side, mode), pixels, new DecodeBounds(PixelLimit.Default, cancel));
            using var bitmap = new SKBitmap(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque);
            bitmap.Pixels = [.. pixels.Chunk(3).Select(pixel => new SKColor(pixel[0], pixel[1], pixel[2]))];
            using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, Quality);
            return $"data:image/jpeg;base64,{Convert.ToBase64String(jpeg.AsSpan())}";
        }
        catch (AlexNetException)
        {
            return null; // moved or changed since it was scored
        }
    }
}
