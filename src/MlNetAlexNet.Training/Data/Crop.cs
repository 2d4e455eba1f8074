namespace MlNetAlexNet.Training.Data;

/// <summary>A square of a square picture: where it lies, in pixels, and whether left and right change places.</summary>
internal readonly record struct Crop(int Top, int Left, bool IsMirrored)
{
    /// <summary>The middle as it is.</summary>
    /// <param name="size">Side of the picture, in pixels.</param>
    /// <param name="side">Side of the square, in pixels.</param>
    public static Crop TakeMiddle(int size, int side) => new((size - side) / 2, (size - side) / 2, IsMirrored: false);

    /// <summary>Anywhere, and mirrored half of the time (Krizhevsky 2012, section 4.1): three draws.</summary>
    /// <param name="size">Side of the picture, in pixels.</param>
    /// <param name="side">Side of the square, in pixels.</param>
    /// <param name="random">Of the picture.</param>
    public static Crop Draw(int size, int side, ref PictureRandom random) =>
        new(random.Next(size - side + 1), random.Next(size - side + 1), random.NextBool());

    /// <summary>Top, left, and 1 if it is mirrored, else 0.</summary>
    public void Describe(Span<long> place) => (place[0], place[1], place[2]) = (Top, Left, IsMirrored ? 1 : 0);

    /// <summary>Copies the square.</summary>
    /// <param name="picture"><paramref name="size"/> x <paramref name="size"/> x RGB bytes.</param>
    /// <param name="size">Side of the picture, in pixels.</param>
    /// <param name="square"><paramref name="side"/> x <paramref name="side"/> x RGB bytes.</param>
    /// <param name="side">Side of the square, in pixels.</param>
    public void Cut(ReadOnlySpan<byte> picture, int size, Span<byte> square, int side)
    {
        for (var row = 0; row < side; row++)
        {
            var line = square.Slice(row * side * 3, side * 3);
            picture.Slice(((Top + row) * size + Left) * 3, side * 3).CopyTo(line);
            if (IsMirrored)
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
