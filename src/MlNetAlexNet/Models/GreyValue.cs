namespace MlNetAlexNet.Models;

/// <summary>
/// The grey value of a colour, as PIL's mode <c>L</c> computes it (Pillow's Convert.c, <c>L24</c>): ITU-R BT.601's luma
/// in whole 65536ths, rounded. All numbers on the way are below 2^24: 32-bit floats give the same.
/// </summary>
internal static class GreyValue
{
    public const int Red = 19595;
    public const int Green = 38470;
    public const int Blue = 7471;
    public const int Half = Whole / 2;
    public const int Whole = 1 << 16;

    public static byte Of(byte red, byte green, byte blue) =>
        (byte)((Red * red + Green * green + Blue * blue + Half) / Whole);

    /// <summary>Replaces red, green and blue by one value each.</summary>
    /// <param name="pixels">Rows of red, green, blue; its beginning receives the grey values.</param>
    /// <returns>How many there are.</returns>
    public static int Convert(Span<byte> pixels)
    {
        var count = pixels.Length / 3;
        for (var i = 0; i < count; i++)
            pixels[i] = Of(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]);

        return count;
    }
}
