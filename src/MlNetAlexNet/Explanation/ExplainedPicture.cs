using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using SkiaSharp;

namespace MlNetAlexNet.Explanation;

/// <summary>A picture that is explained: what the network takes of it, and what people see of it.</summary>
/// <param name="Square">The network's square, side x side x 3 bytes: rows of red, green, blue.</param>
/// <param name="Place">Where the picture lies on the square, in pixels of that.</param>
/// <param name="Size">The picture's size, upright.</param>
/// <param name="IsTransparent">Whether it has transparent parts, which are blended with black.</param>
/// <param name="Backdrop">What the overlay is drawn on.</param>
internal sealed record ExplainedPicture(byte[] Square, SKRect Place, SKSizeI Size, bool IsTransparent, Backdrop Backdrop)
{
    /// <summary>
    /// Decodes it: once, but for a JPEG that was decoded for the square in fewer pixels than the overlay has, which is decoded
    /// again for that.
    /// </summary>
    /// <exception cref="AlexNetException">It cannot be decoded.</exception>
    public static ExplainedPicture Decode(EncodedPicture encoded, PictureForm form)
    {
        var pixels = new byte[form.Bytes];
        SKSizeI size, overlay;
        bool isTransparent;
        using (var upright = UprightBitmap.Decode(encoded, form))
        {
            using (var square = PixelDecoder.MakeSquare(upright, form, encoded))
                SquareBitmap.CopyColours(square, pixels);

            (size, overlay) = (upright.WholeSize, Backdrop.ChooseSize(upright.WholeSize));
            isTransparent = upright.IsTransparent;
            if (upright.IsWhole || upright.Bitmap.Width >= overlay.Width)
                return Explained(Backdrop.Draw(upright.Bitmap, overlay));
        }

        using var larger = UprightBitmap.Decode(encoded, new PictureForm(Math.Max(overlay.Width, overlay.Height), ImageResizeMode.Pad));
        return Explained(Backdrop.Draw(larger.Bitmap, overlay));

        ExplainedPicture Explained(Backdrop backdrop) => new(pixels, SquareBitmap.Place(size, form), size, isTransparent, backdrop);
    }

    /// <summary>Where the picture is on the square, in whole pixels.</summary>
    public SKRectI AreaOf(PictureForm form) =>
        SKRectI.Intersect(SKRectI.Round(Place), SKRectI.Create(form.Side, form.Side));

    /// <summary>A part of the square as a part of the picture.</summary>
    public PictureRectangle OnPicture(SKRectI part)
    {
        var (left, right) = (X(part.Left), X(part.Right));
        var (top, bottom) = (Y(part.Top), Y(part.Bottom));
        return new PictureRectangle(left, top, right - left, bottom - top);

        int X(int x) => (int)Math.Clamp(Math.Round((x - Place.Left) * (double)Size.Width / Place.Width), 0, Size.Width);

        int Y(int y) => (int)Math.Clamp(Math.Round((y - Place.Top) * (double)Size.Height / Place.Height), 0, Size.Height);
    }
}
