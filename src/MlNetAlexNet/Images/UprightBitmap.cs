using System.Runtime.InteropServices;
using MlNetAlexNet.Models;
using SkiaSharp;

namespace MlNetAlexNet.Images;

/// <summary>
/// A decoded picture, upright, of 8-bit BGRA or RGBA, alpha premultiplied, with its share of the <see cref="DecodingMemory"/>:
/// the one place that opens a codec.
/// </summary>
internal sealed class UprightBitmap : IDisposable
{
    // 7/8 takes libjpeg-turbo as long as the whole picture (tests/Benchmarks).
    private const int MostEighths = 6;

    private readonly IDisposable _memory;

    private UprightBitmap(SKBitmap bitmap, SKSizeI wholeSize, bool isTransparent, IDisposable memory) =>
        (Bitmap, WholeSize, IsTransparent, _memory) = (bitmap, wholeSize, isTransparent, memory);

    /// <summary>The pixels.</summary>
    public SKBitmap Bitmap { get; }

    /// <summary>The whole picture's size, upright; larger than the bitmap's if the decoder has scaled it.</summary>
    public SKSizeI WholeSize { get; }

    /// <summary>Whether the decoder has not.</summary>
    public bool IsWhole => Bitmap.Info.Size == WholeSize;

    /// <summary>Whether a pixel is not opaque.</summary>
    public bool IsTransparent { get; }

    /// <summary>Decodes the picture.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="form">
    /// The square that is to be made of it: a JPEG may come out as much smaller as that allows. Null for the picture's own
    /// size.
    /// </param>
    /// <exception cref="AlexNetException">It is no picture, damaged or takes too much.</exception>
    public static unsafe UprightBitmap Decode(EncodedPicture encoded, PictureForm? form)
    {
        PictureLimits.RequireBeforeOpening(encoded);
        fixed (byte* start = encoded.Bytes)
        {
            // Read from memory, not from a managed stream: an exception thrown under native frames ends the process.
            using var data = SKData.Create((nint)start, encoded.Bytes.Length);
            using var memory = new SKMemoryStream(data);
            using var codec = SKCodec.Create(memory, out var opened)
                ?? throw (opened == SKCodecResult.Unimplemented ? NoPicture(encoded.Name) : Damaged(encoded.Name, opened));
            if (codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Bmp
                or SKEncodedImageFormat.Gif or SKEncodedImageFormat.Webp))
            {
                throw NoPicture(encoded.Name); // two zero bytes are a WBMP for Skia
            }

            var isJpeg = codec.EncodedFormat == SKEncodedImageFormat.Jpeg;
            var scans = isJpeg ? Math.Max(1, JpegScans.Count(encoded.Bytes)) : 1;
            PictureLimits.Require(codec, scans, encoded);
            var size = form is { } square && isJpeg
                ? SmallestSize(codec, square)
                : codec.Info.Size;
            var share = DecodingMemory.Take(codec, size, scans, encoded);
            try
            {
                var origin = PictureOrientation.Read(encoded.Bytes); // the codec knows that of a JPEG alone
                var decoded = Decode(codec, size, encoded.Name);
                var isTransparent = codec.Info.AlphaType != SKAlphaType.Opaque && HasTransparency(decoded);
                return new UprightBitmap(Turn(decoded, origin, encoded.Name), Turn(codec.Info.Size, origin), isTransparent, share);
            }
            catch
            {
                share.Dispose();
                throw;
            }
        }
    }

    public void Dispose()
    {
        Bitmap.Dispose();
        _memory.Dispose();
    }

    private static SKBitmap Decode(SKCodec codec, SKSizeI size, string name)
    {
        // The same request as SKBitmap.Decode, which ML.NET's loader makes, so the pixels are the same.
        var info = codec.Info.WithColorSpace(null!).WithSize(size);
        if (info.AlphaType == SKAlphaType.Unpremul)
        {
            info = info.WithAlphaType(SKAlphaType.Premul);
        }

        var bitmap = new SKBitmap();
        try
        {
            if (!bitmap.TryAllocPixels(info))
                throw TooLarge(name, codec.Info.Size);

            var result = codec.GetPixels(info, bitmap.GetPixels());
            if (result != SKCodecResult.Success)
                throw Damaged(name, result);

            return ToFourBytesAPixel(bitmap, name);
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The smallest size a JPEG can be decoded at from which the square enlarges no side; the whole picture's if none: of a
    /// padded picture the longer side has to have as many pixels as the square, else the shorter one. A JPEG is stored as blocks of 8 x 8 frequencies, and its decoder can leave the high ones out and make
    /// blocks of fewer pixels, in less time than all of them take.
    /// </summary>
    internal static SKSizeI SmallestSize(SKCodec codec, PictureForm form)
    {
        for (var eighths = 1; eighths <= MostEighths; eighths++)
        {
            var size = codec.GetScaledDimensions(eighths / 8f);
            var pixels = form.Mode == ImageResizeMode.Pad
                ? Math.Max(size.Width, size.Height)
                : Math.Min(size.Width, size.Height);
            if (pixels >= form.Side)
                return size;
        }

        return codec.Info.Size;
    }

    private static string Reason(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "its data ends too early",
        SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => "its data has errors",
        _ => $"the decoder reports {result}",
    };

    private static PictureFault FaultOf(SKCodecResult result) =>
        result == SKCodecResult.IncompleteInput ? PictureFault.Truncated : PictureFault.Damaged;

    private static AlexNetException Damaged(string name, SKCodecResult result) =>
        new($"The {name} is damaged: {Reason(result)}. Replace or remove it.") { PictureFault = FaultOf(result) };

    private static AlexNetException NoPicture(string name) => new(
        $"The {name} is not a picture that can be decoded: by its content it is no JPEG, PNG, BMP, GIF or WebP.")
    {
        PictureFault = PictureFault.NotAPicture,
    };

    private static AlexNetException TooLarge(string name, SKSizeI size) => new(
        $"There is not enough memory for the {name}, which is {size.Width} x {size.Height} pixels. Scale it down first.")
    {
        PictureFault = PictureFault.TooLarge,
    };

    private static SKBitmap ToFourBytesAPixel(SKBitmap bitmap, string name)
    {
        if (bitmap.ColorType is SKColorType.Bgra8888 or SKColorType.Rgba8888)
        {
            return bitmap;
        }

        using (bitmap)
        {
            return bitmap.Copy(SKColorType.Bgra8888) ?? throw TooLarge(name, bitmap.Info.Size);
        }
    }

    // Alpha is the highest byte of each four, whatever the order of the colours.
    private static bool HasTransparency(SKBitmap bitmap) =>
        MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan()).IndexOfAnyInRange(0u, 0xFEFF_FFFFu) >= 0;

    private static SKSizeI Turn(SKSizeI size, SKEncodedOrigin origin) =>
        origin >= SKEncodedOrigin.LeftTop ? new SKSizeI(size.Height, size.Width) : size;

    /// <summary>Undoes the turn and mirroring that EXIF 2.3 notes in tag 0x0112, values 1 to 8.</summary>
    private static SKBitmap Turn(SKBitmap bitmap, SKEncodedOrigin origin, string name)
    {
        var (w, h) = (bitmap.Width, bitmap.Height);

        // Where the stored pixel (x, y) belongs: (a x + b y + c, d x + e y + f).
        SKMatrix? place = origin switch
        {
            SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, w, 0, 1, 0, 0, 0, 1),
            SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, w, 0, -1, h, 0, 0, 1),
            SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, h, 0, 0, 1),
            SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightTop => new SKMatrix(0, -1, h, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, h, -1, 0, w, 0, 0, 1),
            SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, w, 0, 0, 1),
            _ => null,
        };
        if (place is null)
        {
            return bitmap;
        }

        var size = Turn(bitmap.Info.Size, origin);
        using (bitmap)
        {
            var upright = new SKBitmap();
            if (!upright.TryAllocPixels(bitmap.Info.WithSize(size)))
            {
                upright.Dispose();
                throw TooLarge(name, size);
            }

            using var canvas = new SKCanvas(upright);
            using var copy = new SKPaint { BlendMode = SKBlendMode.Src, FilterQuality = SKFilterQuality.None };
            canvas.SetMatrix(place.Value);
            canvas.DrawBitmap(bitmap, 0, 0, copy);
            return upright;
        }
    }
}
