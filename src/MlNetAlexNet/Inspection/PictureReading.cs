using System.Buffers;
using System.IO.Hashing;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Inspection;

/// <summary>Reads and decodes one picture, once, for all that is to be known of it.</summary>
internal static class PictureReading
{
    // All of the picture, so that a border counts; a JPEG is decoded at the eighths that this needs.
    private static readonly PictureForm s_form = new(ImagePreprocessing.DefaultImageSize, ImageResizeMode.Squash);

    /// <summary>What is to be said of the picture by itself; its prints are kept.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What findings call it.</param>
    /// <param name="bounds">Of the decoding.</param>
    /// <param name="prints">Of all pictures.</param>
    /// <param name="row">Its row there.</param>
    public static IReadOnlyList<Finding> Read(string file, string name, DecodeBounds bounds, PicturePrints prints, int row)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(s_form.Bytes);
        PictureTraits? traits = null;
        try
        {
            using var encoded = EncodedPicture.Read(file, bounds);
            traits = PictureTraits.Read(encoded.Bytes);
            var square = buffer.AsSpan(0, s_form.Bytes); // 256 x 256 x RGB
            var isTransparent = PixelDecoder.Decode(encoded, s_form, square);
            prints.Files[row] = PictureFingerprint.Compute(encoded.Bytes).Value;
            prints.Pixels[row] = Math.Max(1, XxHash3.HashToUInt64(square));
            prints.Looks[row] = PictureLook.Compute(square, s_form.Side);
            return ListTraits(traits.Value, isTransparent, name);
        }
        catch (AlexNetException fault)
        {
            var kind = KindOf(fault.PictureFault);
            var isForeign = (kind is FindingKind.Damaged or FindingKind.Truncated) && traits is { Format: null }; // such as TIFF
            return [new Finding(isForeign ? FindingKind.NotAPicture : kind, [name], fault.Message)];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Finding[] ListTraits(PictureTraits traits, bool isTransparent, string name) =>
    [
        .. traits.IsMisnamed(name) ? [new Finding(FindingKind.WrongExtension, [name], $"It is a {traits.Format}.")] : Array.Empty<Finding>(),
        .. traits.IsAnimated ? [new Finding(FindingKind.Animated, [name])] : Array.Empty<Finding>(),
        .. traits.IsFourColours ? [new Finding(FindingKind.Cmyk, [name])] : Array.Empty<Finding>(),
        .. traits.HasSixteenBits ? [new Finding(FindingKind.SixteenBits, [name])] : Array.Empty<Finding>(),
        .. isTransparent ? [new Finding(FindingKind.Transparent, [name])] : Array.Empty<Finding>(),
    ];

    private static FindingKind KindOf(PictureFault? fault) => fault switch
    {
        PictureFault.Unreadable => FindingKind.Unreadable,
        PictureFault.Empty => FindingKind.Empty,
        PictureFault.NotAPicture => FindingKind.NotAPicture,
        PictureFault.Truncated => FindingKind.Truncated,
        PictureFault.TooLarge => FindingKind.TooLarge,
        _ => FindingKind.Damaged,
    };
}
