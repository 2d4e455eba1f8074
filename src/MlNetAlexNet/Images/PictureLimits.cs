using System.Globalization;
using SkiaSharp;

namespace MlNetAlexNet.Images;

/// <summary>
/// What bounds the time and memory that a picture takes to be decoded, which nothing can end: checked before, by its header and
/// by how it is stored. The figures behind the numbers are in docs/reliability.md.
/// </summary>
internal static class PictureLimits
{
    // Bitmaps of 32 bits are stored as they are. A byte of a JPEG takes ten times as long, twice that in several scans; for
    // print it has one for each pixel at most.
    private const double MostBytesAPixel = 4;
    private const double MostJpegBytesAPixel = 1;
    private const double MostBytesAPixelInScans = 0.5;

    // For all else in a file, such as colour profiles and previews.
    private const long MostOtherBytes = 16_000_000;

    // Scans of the largest picture that is allowed; a smaller one may have more in proportion. Programs write up to 12.
    private const long MostScans = 20;

    /// <summary>Checks a file's length, which is known before it is read.</summary>
    /// <exception cref="AlexNetException">It is too long.</exception>
    public static void RequireLength(long bytes, string name, DecodeBounds bounds) =>
        RequireLength(bytes, MostBytesAPixel, "", name, bounds);

    /// <summary>Checks what has to be known before a decoder sees anything of the file.</summary>
    /// <exception cref="AlexNetException">It is damaged, or takes too much.</exception>
    public static void RequireBeforeOpening(EncodedPicture encoded)
    {
        if (encoded.Bytes.IsEmpty)
            throw new AlexNetException($"The {encoded.Name} is empty.") { PictureFault = PictureFault.Empty };

        if (PngTexts.InflateBeyond(encoded.Bytes, MostOtherBytes))
        {
            throw Refused(
                encoded.Name,
                $"has texts or a colour profile that take more than {MostOtherBytes:N0} bytes once they are inflated: save it without them",
                option: null);
        }
    }

    /// <summary>Checks what the header says, and how the rest is stored.</summary>
    /// <param name="codec">What knows the header.</param>
    /// <param name="scans">How many times the pixels are gone over.</param>
    /// <param name="encoded">The picture.</param>
    /// <exception cref="AlexNetException">It takes too much.</exception>
    public static void Require(SKCodec codec, int scans, EncodedPicture encoded)
    {
        var (most, size) = (encoded.Bounds.MaximumPixels, codec.Info.Size);
        var pixels = (long)size.Width * size.Height;
        if (pixels > most)
        {
            throw Refused(
                encoded.Name,
                $"is {size.Width} x {size.Height} pixels. At most {most:N0} pixels are decoded: scale it down first",
                most < PixelLimit.Highest ? "MaximumPixels" : null);
        }

        if (codec.EncodedFormat != SKEncodedImageFormat.Jpeg)
            return;

        RequireLength(
            encoded.Bytes.Length, scans == 1 ? MostJpegBytesAPixel : MostBytesAPixelInScans, " JPEG", encoded.Name, encoded.Bounds);
        if (scans * pixels > MostScans * most)
        {
            throw Refused(
                encoded.Name,
                $"goes over its {pixels:N0} pixels in {scans} scans, and at most {MostScans * most:N0} are gone over: save it with fewer scans",
                "MaximumPixels");
        }
    }

    private static void RequireLength(long bytes, double bytesAPixel, string kind, string name, DecodeBounds bounds)
    {
        var most = (long)(bytesAPixel * bounds.MaximumPixels) + MostOtherBytes;
        if (bytes > most)
        {
            throw Refused(
                name,
                $"is longer than {most:N0} bytes, the most of a{kind} file where {bounds.MaximumPixels:N0} pixels are allowed: store it in less",
                "MaximumPixels");
        }
    }

    private static AlexNetException Refused(string name, FormattableString why, string? option) =>
        new($"The {name} {why.ToString(CultureInfo.InvariantCulture)}{(option is null ? "" : $", or set {option} higher")}.")
        {
            Option = option,
            PictureFault = PictureFault.TooLarge,
        };
}
