namespace MlNetAlexNet.Training.Data;

/// <summary>
/// Changes of a channel's values by a table, and of sharpness, as torchvision makes them
/// (torchvision/transforms/_functional_tensor.py).
/// </summary>
internal static class ToneChange
{
    /// <summary>Keeps the upper <paramref name="bits"/> of each value.</summary>
    public static void Posterize(Span<byte> pixels, int bits)
    {
        var mask = (byte)(0xFF << (8 - bits));
        foreach (ref var value in pixels)
            value &= mask;
    }

    /// <summary>Inverts values of <paramref name="threshold"/> and more.</summary>
    public static void Solarize(Span<byte> pixels, double threshold)
    {
        foreach (ref var value in pixels)
        {
            if (value >= threshold)
                value = (byte)(255 - value);
        }
    }

    /// <summary>Stretches each channel from its least to its greatest value over 0 to 255.</summary>
    public static void AutoContrast(Span<byte> pixels) => ByChannel(pixels, counts =>
    {
        var (least, greatest) = (Array.FindIndex(counts, count => count > 0), Array.FindLastIndex(counts, count => count > 0));
        return greatest <= least
            ? value => (byte)value
            : value => (byte)Math.Clamp((value - least) * 255.0 / (greatest - least), 0, 255);
    });

    /// <summary>Spreads the values of each channel so that all become equally frequent.</summary>
    public static void Equalize(Span<byte> pixels) => ByChannel(pixels, counts =>
    {
        var last = counts[Array.FindLastIndex(counts, count => count > 0)];
        var step = (counts.Sum() - last) / 255;
        if (step == 0)
            return value => (byte)value;

        var below = new int[256]; // of a value: those below it
        for (var value = 1; value < 256; value++)
            below[value] = below[value - 1] + counts[value - 1];
        return value => (byte)Math.Min(255, (below[value] + step / 2) / step);
    });

    /// <summary>
    /// Blends the picture with itself blurred by (1 1 1; 1 5 1; 1 1 1) / 13; its border stays. 0 is blurred, 1 as it is, 2
    /// as much sharper.
    /// </summary>
    /// <param name="pixels"><paramref name="side"/> x <paramref name="side"/> x RGB.</param>
    /// <param name="side">In pixels.</param>
    /// <param name="factor">From 0.</param>
    public static void Sharpen(Span<byte> pixels, int side, double factor)
    {
        var original = pixels.ToArray();
        var row = side * 3;
        for (var y = 1; y < side - 1; y++)
        {
            for (var i = y * row + 3; i < (y + 1) * row - 3; i++)
            {
                var sum = 4 * original[i];
                for (var near = i - row; near <= i + row; near += row)
                    sum += original[near - 3] + original[near] + original[near + 3];
                var blurred = Math.Round(sum / 13.0);
                pixels[i] = (byte)Math.Clamp(blurred + (original[i] - blurred) * factor, 0, 255);
            }
        }
    }

    private static void ByChannel(Span<byte> pixels, Func<int[], Func<int, byte>> change)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            var counts = new int[256];
            for (var i = channel; i < pixels.Length; i += 3)
                counts[pixels[i]]++;
            var become = change(counts);
            byte[] table = [.. Enumerable.Range(0, 256).Select(become)];
            for (var i = channel; i < pixels.Length; i += 3)
                pixels[i] = table[pixels[i]];
        }
    }
}
