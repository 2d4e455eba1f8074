using Microsoft.ML.Data;
using SkiaSharp;

namespace MlNetAlexNet.Images;

/// <summary>
/// Decodes pictures upright and whole: JPEG (grey, CMYK and YCCK too), PNG, BMP, GIF (first frame), WebP. For a picture
/// without an EXIF turn the pixels are those of ML.NET's own <c>MLImage.CreateFromFile</c>, byte for byte: 8 bits a
/// channel, colour profiles not applied, transparent pixels blended with black. Unlike ML.NET a picture whose data ends
/// early or is damaged is refused, and one that the camera marked as turned (EXIF orientation) is turned.
/// </summary>
public static class ImageDecoder
{
    /// <summary>
    /// Largest picture decoded, in pixels: 300 million (20,000 x 15,000), 1.2 GB in memory. The largest camera sensors
    /// in phones have 200 million. A small file can claim any size, so the claim is checked before memory is taken.
    /// </summary>
    public const long MaximumPixels = 300_000_000;

    /// <summary>Decodes the file. The caller disposes the picture.</summary>
    /// <exception cref="AlexNetException">The file is missing, locked, no picture, damaged or too large.</exception>
    public static MLImage Decode(string path)
    {
        using var bitmap = DecodeFile(path);
        return ToMLImage(bitmap);
    }

    /// <summary>Decodes the rest of the stream, which stays open. The caller disposes the picture.</summary>
    /// <exception cref="AlexNetException">The stream holds no picture, or one that is damaged or too large.</exception>
    public static MLImage Decode(Stream stream)
    {
        using var bitmap = UprightBitmap.Decode(ReadRest(stream), NameOfStream, shorterSide: null, out _);
        return ToMLImage(bitmap);
    }

    /// <summary>
    /// Decodes every picture whole, over all processor cores, and returns those that cannot be, in the order given.
    /// Holds one decoded picture a core at a time.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static IReadOnlyList<BadImage> FindBad(
        IEnumerable<string> paths, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return [.. paths
            .AsParallel().AsOrdered()
            .WithCancellation(cancellationToken)
            .Select(Check)
            .OfType<BadImage>()];
    }

    private static BadImage? Check(string path)
    {
        try
        {
            DecodeFile(path).Dispose();
            return null;
        }
        catch (AlexNetException fault)
        {
            return new BadImage(path, fault.Message);
        }
    }

    private static SKBitmap DecodeFile(string path) => UprightBitmap.Decode(ReadFile(path), NameOf(path), shorterSide: null, out _);

    /// <summary>How an error calls the picture in a file.</summary>
    internal static string NameOf(string path) => $"picture '{path}'";

    /// <summary>How an error calls the picture in a stream.</summary>
    internal const string NameOfStream = "picture in the stream";

    /// <summary>Reads the file.</summary>
    /// <exception cref="AlexNetException">It is missing, locked or a folder.</exception>
    internal static byte[] ReadFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AlexNetException($"The picture '{path}' does not exist.", fault);
        }
        catch (Exception fault) when (Directory.Exists(path))
        {
            throw new AlexNetException($"'{path}' is a folder, not a picture.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new AlexNetException($"The picture '{path}' cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Reads the rest of the stream, which stays open.</summary>
    internal static ReadOnlySpan<byte> ReadRest(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.GetBuffer().AsSpan(0, (int)content.Length);
    }

    private static MLImage ToMLImage(SKBitmap bitmap) => MLImage.CreateFromPixels(
        bitmap.Width,
        bitmap.Height,
        bitmap.ColorType == SKColorType.Rgba8888 ? MLPixelFormat.Rgba32 : MLPixelFormat.Bgra32,
        bitmap.GetPixelSpan());
}
