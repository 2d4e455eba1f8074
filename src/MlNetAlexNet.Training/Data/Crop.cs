namespace MlNetAlexNet.Training.Data;

/// <summary>Cuts a square out of a square picture of interleaved RGB bytes.</summary>
internal static class Crop
{
    /// <param name="picture"><paramref name="size"/> x <paramref name="size"/> x 3 bytes.</param>
    /// <param name="size">Side of the picture, in pixels.</param>
    /// <param name="target"><paramref name="crop"/> x <paramref name="crop"/> x 3 bytes.</param>
    /// <param name="crop">Side of the square, in pixels.</param>
    /// <param name="random">Draws the place and the mirroring; null for the middle as it is.</param>
    public static void Cut(ReadOnlySpan<byte> picture, int size, Span<byte> target, int crop, Random? random)
    {
        var top = random?.Next(size - crop + 1) ?? (size - crop) / 2;
        var left = random?.Next(size - crop + 1) ?? (size - crop) / 2;
        var mirror = random?.Next(2) == 1;
        for (var row = 0; row < crop; row++)
        {
            var source = picture.Slice(((top + row) * size + left) * 3, crop * 3);
            var line = target.Slice(row * crop * 3, crop * 3);
            source.CopyTo(line);
            if (mirror)
            {
                Mirror(line);
            }
        }
    }

    private static void Mirror(Span<byte> line)
    {
        for (int i = 0, j = line.Length - 3; i < j; i += 3, j -= 3)
        {
            (line[i], line[j]) = (line[j], line[i]);
            (line[i + 1], line[j + 1]) = (line[j + 1], line[i + 1]);
            (line[i + 2], line[j + 2]) = (line[j + 2], line[i + 2]);
        }
    }
}
