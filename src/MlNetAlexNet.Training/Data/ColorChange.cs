namespace MlNetAlexNet.Training.Data;

/// <summary>
/// Brightness, contrast and saturation, one after the other, as torchvision's <c>adjust_brightness</c>,
/// <c>adjust_contrast</c> and <c>adjust_saturation</c> (torchvision/transforms/_functional_tensor.py): times the factor;
/// blended with the mean grey of the picture; blended with the grey of the pixel. 1 changes nothing.
/// </summary>
internal readonly record struct ColorChange(double Brightness, double Contrast, double Saturation)
{
    // ITU-R 601-2, as there: shares of red, green and blue in grey.
    private const double Red = 0.2989;
    private const double Green = 0.587;
    private const double Blue = 0.114;
    private const int Bits = 14;

    public static ColorChange None => new(1, 1, 1);

    /// <summary>Three factors from 1 - <paramref name="strength"/> to 1 + <paramref name="strength"/>: three draws.</summary>
    public static ColorChange Draw(double strength, ref PictureRandom random)
    {
        return new(Factor(ref random), Factor(ref random), Factor(ref random));

        double Factor(ref PictureRandom from) => 1 + (2 * from.NextDouble() - 1) * strength;
    }

    /// <summary>Changes pixels in place.</summary>
    /// <param name="pixels">RGB bytes.</param>
    public void Apply(Span<byte> pixels)
    {
        if (this == None)
            return;

        // One matrix: b c (s I + (1 - s) grey), and a shift by (1 - c) times the mean grey of the brighter picture.
        var shift = Contrast == 1 ? 0 : (1 - Contrast) * Brightness * MeanGrey(pixels);
        var (scale, grey) = (Brightness * Contrast * Saturation, Brightness * Contrast * (1 - Saturation));
        var (own, red, green, blue) = (Fixed(scale), Fixed(grey * Red), Fixed(grey * Green), Fixed(grey * Blue));
        var offset = Fixed(shift) + (1 << (Bits - 1));
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            var (r, g, b) = (pixels[i], pixels[i + 1], pixels[i + 2]);
            var common = r * red + g * green + b * blue + offset;
            pixels[i] = Clamp(common + r * own);
            pixels[i + 1] = Clamp(common + g * own);
            pixels[i + 2] = Clamp(common + b * own);
        }
    }

    private static double MeanGrey(ReadOnlySpan<byte> pixels)
    {
        var (red, green, blue) = (0L, 0L, 0L);
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            red += pixels[i];
            green += pixels[i + 1];
            blue += pixels[i + 2];
        }

        return (red * Red + green * Green + blue * Blue) / (pixels.Length / 3);
    }

    private static int Fixed(double value) => (int)Math.Round(value * (1 << Bits));

    private static byte Clamp(int value) => (byte)Math.Clamp(value >> Bits, 0, 255);
}
