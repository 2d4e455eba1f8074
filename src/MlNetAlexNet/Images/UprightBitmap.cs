using System.Globalization;
using MlNetAlexNet.Models;
using SkiaSharp;

namespace MlNetAlexNet.Images;

/// <summary>
/// Encoded bytes to an upright bitmap of 8-bit BGRA or RGBA, alpha premultiplied: the one place that opens a codec.
/// </summary>
internal static class UprightBitmap
{
    // 7/8 takes libjpeg-turbo as long as the whole picture (tests/Benchmarks).
    private const int MostEighths = 6;

    /// <summary>Decodes the picture.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="form">
    /// The square that is to be made of it: a JPEG may come out as much smaller as that allows. Null for the picture's own
    /// size.
    /// </param>
    /// <param name="bounds">What ends or refuses it.</param>
    /// <param name="size">The whole picture's, upright; larger than the bitmap's if it did.</param>
    /// <exception cref="AlexNetException">It is no picture, damaged or too large.</exception>
    public static unsafe SKBitmap Decode(EncodedPicture encoded, PictureForm? form, DecodeBounds bounds, out SKSizeI size)
    {
        if (encoded.Bytes.IsEmpty)
            throw new AlexNetException($"The {encoded.Name} is empty.") { PictureFault = PictureFault.Empty };

        fixed (byte* start = encoded.Bytes)
        {
            // Read from memory, not from a managed stream: an exception thrown under native frames ends the process.
            using var data = SKData.Create((nint)start, encoded.Bytes.Length);
            using var memory = new SKMemoryStream(data);
            using var codec = SKCodec.Create(memory, out var opened) ?? throw new AlexNetException(
                opened == SKCodecResult.Unimplemented
                    ? $"The {encoded.Name} is not a picture that can be decoded: by its content it is no JPEG, PNG, "
                        + "BMP, GIF or WebP."
                    : $"The {encoded.Name} is damaged: {Reason(opened)}. Replace or remove it.")
            {
                PictureFault = opened == SKCodecResult.Unimplemented ? PictureFault.NotAPicture : FaultOf(opened),
            };

            RequireAllowed(codec.Info, encoded.Name, bounds.MaximumPixels);
            var decoded = DecodeWhole(codec, encoded.Name, form);
            size = Turn(codec.Info.Size, codec.EncodedOrigin);
            return Turn(decoded, codec.EncodedOrigin);
        }
    }

    private static void RequireAllowed(SKImageInfo info, string name, long most)
    {
        if ((long)info.Width * info.Height <= most)
            return;

        var raise = most < PixelLimit.Highest ? ", or set MaximumPixels higher" : "";
        throw new AlexNetException(string.Create(
            CultureInfo.InvariantCulture,
            $"The {name} is {info.Width} x {info.Height} pixels. At most {most:N0} pixels are decoded: scale it down first{raise}."))
        {
            Option = "MaximumPixels",
            PictureFault = PictureFault.TooLarge,
        };
    }

    private static SKBitmap DecodeWhole(SKCodec codec, string name, PictureForm? form)
    {
        // The same request as SKBitmap.Decode, which ML.NET's loader makes, so the pixels are the same.
        var info = codec.Info.WithColorSpace(null!);
        if (info.AlphaType == SKAlphaType.Unpremul)
        {
            info = info.WithAlphaType(SKAlphaType.Premul);
        }

        if (form is { } square && codec.EncodedFormat == SKEncodedImageFormat.Jpeg)
            info = info.WithSize(SmallestSize(codec, square));

        var bitmap = new SKBitmap();
        try
        {
            if (!bitmap.TryAllocPixels(info))
            {
                throw new AlexNetException($"The {name} is {info.Width} x {info.Height} pixels: not enough memory.");
            }

            var result = codec.GetPixels(info, bitmap.GetPixels());
            if (result != SKCodecResult.Success)
            {
                throw new AlexNetException($"The {name} is damaged: {Reason(result)}. Replace or remove it.")
                {
                    PictureFault = FaultOf(result),
                };
            }

            return ToFourBytesAPixel(bitmap);
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

    private static AlexNetException TooLarge(SKSizeI size) =>
        new($"A picture of {size.Width} x {size.Height} pixels does not fit in memory. Scale it down first.");

    private static SKBitmap ToFourBytesAPixel(SKBitmap bitmap)
    {
        if (bitmap.ColorType is SKColorType.Bgra8888 or SKColorType.Rgba8888)
        {
            return bitmap;
        }

        using (bitmap)
        {
            return bitmap.Copy(SKColorType.Bgra8888) ?? throw TooLarge(bitmap.Info.Size);
        }
    }

    private static SKSizeI Turn(SKSizeI size, SKEncodedOrigin origin) =>
        origin >= SKEncodedOrigin.LeftTop ? new SKSizeI(size.Height, size.Width) : size;

    /// <summary>Undoes the turn and mirroring that EXIF 2.3 notes in tag 0x0112, values 1 to 8.</summary>
    private static SKBitmap Turn(SKBitmap bitmap, SKEncodedOrigin origin)
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
                throw TooLarge(size);
            }

            using var canvas = new SKCanvas(upright);
            using var copy = new SKPaint { BlendMode = SKBlendMode.Src, FilterQuality = SKFilterQuality.None };
            canvas.SetMatrix(place.Value);
            canvas.DrawBitmap(bitmap, 0, 0, copy);
            return upright;
        }
    }
}
