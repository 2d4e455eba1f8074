namespace MlNetAlexNet.Models;

/// <summary>The square that a picture becomes.</summary>
/// <param name="Side">Of the square, in pixels.</param>
/// <param name="Mode">How.</param>
internal readonly record struct PictureForm(int Side, ImageResizeMode Mode)
{
    /// <summary>The paper's square.</summary>
    public static PictureForm Default => new(ImagePreprocessing.DefaultImageSize, ImageResizeMode.Crop);

    /// <summary>Bytes of the square's red, green and blue.</summary>
    public int Bytes => 3 * Side * Side;

    /// <summary>Such as <c>72x72</c>, or <c>72x72 (Pad)</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Side}x{Side}") + (Mode == ImageResizeMode.Crop ? "" : $" ({Mode})");
}
