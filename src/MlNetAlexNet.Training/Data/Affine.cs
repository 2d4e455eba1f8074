namespace MlNetAlexNet.Training.Data;

/// <summary>
/// Where the places of a square lie in the picture that it is made of: (x, y), in pixels from the upper left corner,
/// lies at (XX x + XY y + X0, YX x + YY y + Y0). The centre of the first pixel is at (0.5, 0.5).
/// </summary>
internal readonly record struct Affine(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    /// <summary>A rectangle of the picture, scaled to a square of that side.</summary>
    public static Affine FromRectangle(double left, double top, double width, double height, int side) =>
        new(width / side, 0, left, 0, height / side, top);

    /// <summary>Left and right of the square change places.</summary>
    public Affine Mirror(int side) => new(-XX, XY, X0 + XX * side, -YX, YY, Y0 + YX * side);

    /// <summary>The square turned, sheared and shifted about its centre first.</summary>
    /// <param name="xx">Of the change, about (0, 0): (x, y) of the square is taken from (xx x + xy y + x0, yx x + yy y + y0).</param>
    /// <param name="xy">Likewise.</param>
    /// <param name="x0">In pixels of the square.</param>
    /// <param name="yx">Likewise.</param>
    /// <param name="yy">Likewise.</param>
    /// <param name="y0">In pixels of the square.</param>
    /// <param name="side">Of the square, in pixels.</param>
    public Affine Change(double xx, double xy, double x0, double yx, double yy, double y0, int side)
    {
        // About the centre: c + M (p - c) + t.
        var centre = side / 2.0;
        var (shiftX, shiftY) = (centre - (xx + xy) * centre + x0, centre - (yx + yy) * centre + y0);
        return new(
            XX * xx + XY * yx, XX * xy + XY * yy, XX * shiftX + XY * shiftY + X0,
            YX * xx + YY * yx, YX * xy + YY * yy, YX * shiftX + YY * shiftY + Y0);
    }

    /// <summary>Makes the square, by linear interpolation; outside the picture its nearest pixel counts.</summary>
    /// <param name="picture"><paramref name="size"/> x <paramref name="size"/> x RGB bytes.</param>
    /// <param name="size">Side of the picture, in pixels.</param>
    /// <param name="square"><paramref name="side"/> x <paramref name="side"/> x RGB bytes.</param>
    /// <param name="side">Side of the square, in pixels.</param>
    public void Sample(ReadOnlySpan<byte> picture, int size, Span<byte> square, int side)
    {
        // Places in 1/65536 pixel, of which 8 bits weigh.
        const double Unit = 1 << 16;
        var last = (size - 1) << 16;
        var (stepX, stepY) = ((int)Math.Round(XX * Unit), (int)Math.Round(YX * Unit));
        var to = 0;
        for (var row = 0; row < side; row++)
        {
            var x = (int)Math.Round((XX * 0.5 + XY * (row + 0.5) + X0 - 0.5) * Unit);
            var y = (int)Math.Round((YX * 0.5 + YY * (row + 0.5) + Y0 - 0.5) * Unit);
            for (var column = 0; column < side; column++, x += stepX, y += stepY, to += 3)
            {
                var (px, py) = (Math.Clamp(x, 0, last), Math.Clamp(y, 0, last));
                var (weightX, weightY) = ((px >> 8) & 255, (py >> 8) & 255);
                var upper = ((py >> 16) * size + (px >> 16)) * 3;
                var right = px < last ? 3 : 0;
                var lower = py < last ? upper + size * 3 : upper;
                for (var c = 0; c < 3; c++)
                {
                    var top = (picture[upper + c] << 8) + (picture[upper + right + c] - picture[upper + c]) * weightX;
                    var bottom = (picture[lower + c] << 8) + (picture[lower + right + c] - picture[lower + c]) * weightX;
                    square[to + c] = (byte)(((top << 8) + (bottom - top) * weightY + (1 << 15)) >> 16);
                }
            }
        }
    }
}
