namespace MlNetAlexNet.Training.Data;

/// <summary>
/// The grey value of a colour, as the network that scores computes it and as PIL's mode <c>L</c> does: ITU-R BT.601's
/// luma in whole 65536ths, rounded.
/// </summary>
internal static class GreyValue
{
    public static byte Of(byte red, byte green, byte blue) =>
        (byte)((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16);

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
