using System.Globalization;
using SkiaSharp;

namespace MlNetAlexNet.Images;

/// <summary>
/// The memory that all threads of the process decode pictures in, whatever decodes them: 1 GB, or half of what the process
/// may have if that is less. A quarter of it is for the files' bytes, the rest for what is made of them, each counted by
/// what the file and its header say before it is taken. A picture that needs more is decoded alone.
/// </summary>
/// <remarks>
/// Whoever waits for the second budget holds of the first; nobody waits the other way round, so there is no deadlock.
/// </remarks>
internal static class DecodingMemory
{
    private const long Most = 1 << 30;

    private static readonly long s_available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes; // a container's, too
    private static readonly long s_total = Math.Min(Most, s_available / 2);

    /// <summary>For the bytes of files.</summary>
    public static MemoryBudget Files { get; } = new(s_total / 4);

    /// <summary>For what is decoded.</summary>
    public static MemoryBudget Pictures { get; } = new(s_total - (s_total / 4));

    /// <summary>Waits for the memory that a picture needs.</summary>
    /// <param name="codec">What knows its header.</param>
    /// <param name="size">The size it is decoded at.</param>
    /// <param name="scans">How many times the pixels are gone over.</param>
    /// <param name="encoded">The picture.</param>
    /// <exception cref="AlexNetException">It needs more than the process may have.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public static IDisposable Take(SKCodec codec, SKSizeI size, int scans, EncodedPicture encoded)
    {
        var bytes = CountBytes(codec, size, scans, encoded);
        return bytes <= s_available
            ? Pictures.Take(bytes, encoded.Bounds.Cancel)
            : throw new AlexNetException(string.Create(
                CultureInfo.InvariantCulture,
                $"The {encoded.Name} is {codec.Info.Width} x {codec.Info.Height} pixels and takes {bytes / 1e6:N0} MB to decode; this process may have {s_available / 1e6:N0} MB. Scale it down first."))
            {
                PictureFault = PictureFault.TooLarge,
            };
    }

    // Four bytes for each pixel that is made; besides, first what the decoder keeps, then a copy: turned, or the caller's, or
    // for a square the picture at half its size, at a quarter and so on.
    private static long CountBytes(SKCodec codec, SKSizeI size, int scans, EncodedPicture encoded)
    {
        const int BytesAPixel = 4;
        const int InterlaceMethod = 28; // PNG specification, section 11.2.2
        var (whole, made) = ((long)codec.Info.Width * codec.Info.Height, (long)size.Width * size.Height);
        var kept = codec.EncodedFormat switch
        {
            SKEncodedImageFormat.Jpeg => scans == 1 ? 0 : 8,            // 16 bits for each of up to four components
            SKEncodedImageFormat.Png => encoded.Bytes[InterlaceMethod] == 0 ? 0 : 8, // the same
            SKEncodedImageFormat.Webp => 4,
            SKEncodedImageFormat.Gif => 1,
            _ => 0,
        };
        return (made * BytesAPixel) + Math.Max(whole * kept, made * BytesAPixel);
    }
}
