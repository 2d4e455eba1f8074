using System.Reflection;
using Microsoft.ML.Data;
using MlNetAlexNet.Models;
using SkiaSharp;

namespace MlNetAlexNet.Images;

/// <summary>
/// Pictures to what a network takes, the one way that training, calibration, evaluation and scoring share: JPEG (grey,
/// CMYK and YCCK too), PNG, BMP, GIF (first frame) and WebP, upright by their orientation in EXIF
/// or, where that does not say it, in XMP, made a square as <see cref="ImageResizeMode"/> says, as bytes in rows of red,
/// green, blue. Colour profiles are not applied; transparent pixels are blended with black. A picture whose data ends early or is damaged is refused.
/// </summary>
/// <remarks>
/// A JPEG larger than the square is decoded at the smallest eighth of its size that no side has to be enlarged from,
/// which is faster and smooths what scaling the whole would leave rough. All other pictures, cropped or padded, give the
/// pixels of ML.NET's own <c>LoadImages</c>, <c>ResizeImages</c> (<c>IsoCrop</c>, <c>IsoPad</c>) and
/// <c>ExtractPixels</c>, unless they are turned; but in one size of eight ML.NET's rounding leaves the last column or row
/// black, and this does not.
/// </remarks>
public static class PixelDecoder
{
    /// <summary>What an error calls a picture whose file is in memory, after "The".</summary>
    internal const string InMemory = "picture in memory";

    /// <summary>What an error calls a picture in a stream, after "The".</summary>
    internal const string InStream = "picture in the stream";

    // That of ML.NET's ResizeImages.
    private const SKFilterQuality StockFilter = SKFilterQuality.High;

    /// <summary>What the pixels depend on beside the picture and the size.</summary>
    internal static readonly string Version = string.Join(
        ' ',
        "PixelDecoder 3", // to be raised when it gives other pixels
        "SkiaSharp",
        typeof(SKBitmap).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);

    /// <summary>The pixels of the picture in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="imageSize">Side of the square, in pixels. Default 256.</param>
    /// <param name="resizeMode">How the picture becomes that square. Default: the middle of it.</param>
    /// <param name="maximumPixels">As <see cref="PixelLimit"/>. Default 100 million.</param>
    /// <returns><paramref name="imageSize"/> x <paramref name="imageSize"/> x 3 bytes of interleaved RGB.</returns>
    /// <exception cref="AlexNetException">The file is missing, locked, no picture, damaged or too large.</exception>
    public static byte[] Decode(
        string path,
        int imageSize = ImagePreprocessing.DefaultImageSize,
        ImageResizeMode resizeMode = ImageResizeMode.Crop,
        long maximumPixels = PixelLimit.Default)
    {
        var form = FormOf(imageSize, resizeMode);
        var bounds = BoundsOf(maximumPixels);
        var pixels = GC.AllocateUninitializedArray<byte>(form.Bytes);
        Decode(path, form, pixels, bounds);
        return pixels;
    }

    /// <summary>The pixels of the picture in the rest of the stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="imageSize">Side of the square, in pixels. Default 256.</param>
    /// <param name="resizeMode">How the picture becomes that square. Default: the middle of it.</param>
    /// <param name="maximumPixels">As <see cref="PixelLimit"/>. Default 100 million.</param>
    /// <returns><paramref name="imageSize"/> x <paramref name="imageSize"/> x 3 bytes of interleaved RGB.</returns>
    /// <exception cref="AlexNetException">The stream holds no picture, or one that is damaged or too large.</exception>
    public static byte[] Decode(
        Stream stream,
        int imageSize = ImagePreprocessing.DefaultImageSize,
        ImageResizeMode resizeMode = ImageResizeMode.Crop,
        long maximumPixels = PixelLimit.Default)
    {
        var form = FormOf(imageSize, resizeMode);
        var bounds = BoundsOf(maximumPixels);
        var pixels = GC.AllocateUninitializedArray<byte>(form.Bytes);
        Decode(stream, form, pixels, bounds);
        return pixels;
    }

    /// <summary>The pixels of a picture whose file is in memory.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="imageSize">Side of the square, in pixels. Default 256.</param>
    /// <param name="resizeMode">How the picture becomes that square. Default: the middle of it.</param>
    /// <param name="maximumPixels">As <see cref="PixelLimit"/>. Default 100 million.</param>
    /// <returns><paramref name="imageSize"/> x <paramref name="imageSize"/> x 3 bytes of interleaved RGB.</returns>
    /// <exception cref="AlexNetException">They are no picture, or one that is damaged or too large.</exception>
    public static byte[] Decode(
        ReadOnlySpan<byte> encoded,
        int imageSize = ImagePreprocessing.DefaultImageSize,
        ImageResizeMode resizeMode = ImageResizeMode.Crop,
        long maximumPixels = PixelLimit.Default)
    {
        var form = FormOf(imageSize, resizeMode);
        var bounds = BoundsOf(maximumPixels);
        var pixels = GC.AllocateUninitializedArray<byte>(form.Bytes);
        Decode(encoded, InMemory, form, pixels, bounds);
        return pixels;
    }

    /// <summary>The pixels of a picture that is decoded and upright, of any size. It stays the caller's.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="imageSize">Side of the square, in pixels. Default 256.</param>
    /// <param name="resizeMode">How the picture becomes that square. Default: the middle of it.</param>
    /// <returns><paramref name="imageSize"/> x <paramref name="imageSize"/> x 3 bytes of interleaved RGB.</returns>
    public static byte[] Decode(
        MLImage image,
        int imageSize = ImagePreprocessing.DefaultImageSize,
        ImageResizeMode resizeMode = ImageResizeMode.Crop)
    {
        var form = FormOf(imageSize, resizeMode);
        var pixels = GC.AllocateUninitializedArray<byte>(form.Bytes);
        Decode(image, form, pixels);
        return pixels;
    }

    /// <summary>
    /// The whole picture in a file, upright, in its own size: for a model that takes pictures in memory. Without a
    /// turn the pixels are those of <c>MLImage.CreateFromFile</c>, byte for byte. The caller disposes it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumPixels">As <see cref="PixelLimit"/>. Default 100 million.</param>
    /// <exception cref="AlexNetException">The file is missing, locked, no picture, damaged or too large.</exception>
    public static MLImage DecodeImage(string path, long maximumPixels = PixelLimit.Default)
    {
        var bounds = BoundsOf(maximumPixels);
        using var encoded = EncodedPicture.Read(path, bounds);
        return DecodeImage(encoded);
    }

    /// <summary><see cref="DecodeImage(string, long)"/> of the rest of the stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="maximumPixels">As <see cref="PixelLimit"/>. Default 100 million.</param>
    /// <exception cref="AlexNetException">The stream holds no picture, or one that is damaged or too large.</exception>
    public static MLImage DecodeImage(Stream stream, long maximumPixels = PixelLimit.Default)
    {
        var bounds = BoundsOf(maximumPixels);
        using var encoded = EncodedPicture.Read(stream, bounds);
        return DecodeImage(encoded);
    }

    /// <summary>The square of <see cref="Decode(string, int, Models.ImageResizeMode, long)"/> as a picture. The caller disposes it.</summary>
    internal static MLImage DecodeImage(string path, PictureForm form, DecodeBounds bounds)
    {
        using var encoded = EncodedPicture.Read(path, bounds);
        using var square = DecodeSquare(encoded, form, out _);
        return ToMLImage(square);
    }

    /// <summary>The square that a caller asks for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none of that size or mode.</exception>
    internal static PictureForm FormOf(int imageSize, ImageResizeMode resizeMode)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(imageSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(imageSize, ImagePreprocessing.MaximumImageSize);
        if (!Enum.IsDefined(resizeMode))
            throw new ArgumentOutOfRangeException(nameof(resizeMode), resizeMode, "There is no such mode.");

        return new PictureForm(imageSize, resizeMode);
    }

    /// <summary>What a caller allows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than a pixel or more than can be.</exception>
    internal static DecodeBounds BoundsOf(long maximumPixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumPixels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumPixels, PixelLimit.Highest);
        return new DecodeBounds(maximumPixels);
    }

    /// <inheritdoc cref="Decode(string, int, Models.ImageResizeMode, long)"/>
    /// <param name="path">The file.</param>
    /// <param name="form">The square.</param>
    /// <param name="pixels">Receives the square.</param>
    /// <param name="bounds">What ends or refuses it.</param>
    /// <returns>Whether it has transparent parts, which are blended with black.</returns>
    internal static bool Decode(string path, PictureForm form, Span<byte> pixels, DecodeBounds bounds)
    {
        using var encoded = EncodedPicture.Read(path, bounds);
        return Decode(encoded, form, pixels);
    }

    /// <inheritdoc cref="Decode(Stream, int, Models.ImageResizeMode, long)"/>
    /// <param name="stream">The stream.</param>
    /// <param name="form">The square.</param>
    /// <param name="pixels">Receives the square.</param>
    /// <param name="bounds">What ends or refuses it.</param>
    /// <returns>Whether it has transparent parts, which are blended with black.</returns>
    internal static bool Decode(Stream stream, PictureForm form, Span<byte> pixels, DecodeBounds bounds)
    {
        using var encoded = EncodedPicture.Read(stream, bounds);
        return Decode(encoded, form, pixels);
    }

    /// <inheritdoc cref="Decode(ReadOnlySpan{byte}, int, Models.ImageResizeMode, long)"/>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="name">What an error calls the picture, after "The".</param>
    /// <param name="form">The square.</param>
    /// <param name="pixels">Receives the square.</param>
    /// <param name="bounds">What ends or refuses it.</param>
    /// <returns>Whether it has transparent parts, which are blended with black.</returns>
    internal static bool Decode(
        ReadOnlySpan<byte> encoded, string name, PictureForm form, Span<byte> pixels, DecodeBounds bounds)
    {
        using var picture = new EncodedPicture(encoded, name, bounds);
        return Decode(picture, form, pixels);
    }

    /// <inheritdoc cref="Decode(MLImage, int, Models.ImageResizeMode)"/>
    /// <param name="image">The picture.</param>
    /// <param name="form">The square.</param>
    /// <param name="pixels">Receives the square.</param>
    internal static unsafe void Decode(MLImage image, PictureForm form, Span<byte> pixels)
    {
        ArgumentNullException.ThrowIfNull(image);
        var type = image.PixelFormat == MLPixelFormat.Rgba32 ? SKColorType.Rgba8888 : SKColorType.Bgra8888;
        fixed (byte* start = image.Pixels)
        {
            using var whole = new SKPixmap(new SKImageInfo(image.Width, image.Height, type), (nint)start);
            using var square = SquareBitmap.Scale(whole, whole.Info.Size, form, StockFilter);
            SquareBitmap.CopyColours(square, pixels);
        }

        GC.KeepAlive(image); // its pixels are not the garbage collector's
    }

    /// <summary>The square of a picture whose file was read.</summary>
    /// <returns>Whether it has transparent parts, which are blended with black.</returns>
    internal static bool Decode(EncodedPicture encoded, PictureForm form, Span<byte> pixels)
    {
        using var square = DecodeSquare(encoded, form, out var isTransparent);
        SquareBitmap.CopyColours(square, pixels);
        return isTransparent;
    }

    private static SKBitmap DecodeSquare(EncodedPicture encoded, PictureForm form, out bool isTransparent)
    {
        using var upright = UprightBitmap.Decode(encoded, form);
        isTransparent = upright.IsTransparent;
        return MakeSquare(upright, form, encoded);
    }

    /// <summary>The square of a picture that is decoded for it.</summary>
    internal static SKBitmap MakeSquare(UprightBitmap upright, PictureForm form, EncodedPicture encoded)
    {
        using var pixels = upright.Bitmap.PeekPixels();
        try
        {
            // What the decoder has scaled is not enlarged any more: the cheaper filter suffices.
            return SquareBitmap.Scale(
                pixels, upright.WholeSize, form, upright.IsWhole ? StockFilter : SKFilterQuality.Medium);
        }
        catch (OutOfMemoryException fault)
        {
            throw TooLarge(encoded, fault);
        }
    }

    private static MLImage DecodeImage(EncodedPicture encoded)
    {
        using var upright = UprightBitmap.Decode(encoded, form: null);
        try
        {
            return ToMLImage(upright.Bitmap);
        }
        catch (OutOfMemoryException fault)
        {
            throw TooLarge(encoded, fault);
        }
    }

    private static AlexNetException TooLarge(EncodedPicture encoded, Exception fault) =>
        new($"There is not enough memory for the {encoded.Name}. Scale it down first.", fault);

    private static MLImage ToMLImage(SKBitmap bitmap) => MLImage.CreateFromPixels(
        bitmap.Width,
        bitmap.Height,
        bitmap.ColorType == SKColorType.Rgba8888 ? MLPixelFormat.Rgba32 : MLPixelFormat.Bgra32,
        bitmap.GetPixelSpan());
}
