using System.Buffers;
using System.Numerics;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// Where the places of a square lie in the picture that it is made of: (x, y), in pixels from the upper left corner,
/// lies at (XX x + XY y + X0, YX x + YY y + Y0). The centre of the first pixel is at (0.5, 0.5).
/// </summary>
internal readonly record struct Affine(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    // Places in 1/65536 pixel, of which the upper 8 bits behind the point weigh.
    private const int PlaceBits = 16;

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
        if (XY == 0 && YX == 0)
            SampleUpright(picture, size, square, side);
        else
            SampleAny(picture, size, square, side);
    }

    private void SampleAny(ReadOnlySpan<byte> picture, int size, Span<byte> square, int side)
    {
        var last = (size - 1) << PlaceBits;
        var (stepX, stepY) = (Place(XX), Place(YX));
        var to = 0;
        for (var row = 0; row < side; row++)
        {
            var x = Place(XX * 0.5 + XY * (row + 0.5) + X0 - 0.5);
            var y = Place(YX * 0.5 + YY * (row + 0.5) + Y0 - 0.5);
            for (var column = 0; column < side; column++, x += stepX, y += stepY, to += 3)
            {
                var (px, py) = (Math.Clamp(x, 0, last), Math.Clamp(y, 0, last));
                var (weightX, weightY) = (Weight(px), Weight(py));
                var upper = ((py >> PlaceBits) * size + (px >> PlaceBits)) * 3;
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

    // The same sums, by rows first: where nothing is turned or sheared two rows are mixed once for all of their columns.
    private void SampleUpright(ReadOnlySpan<byte> picture, int size, Span<byte> square, int side)
    {
        var last = (size - 1) << PlaceBits;
        var line = size * 3;
        Span<int> lefts = stackalloc int[side];
        Span<int> weights = stackalloc int[side];
        for (int column = 0, x = Place(XX * 0.5 + X0 - 0.5); column < side; column++, x += Place(XX))
        {
            var px = Math.Clamp(x, 0, last);
            (lefts[column], weights[column]) = px < last
                ? ((px >> PlaceBits) * 3, Weight(px))
                : (line - 6, 256); // the last pixel is all of the right one of the last two
        }

        var rented = ArrayPool<ushort>.Shared.Rent(line);
        var mixed = rented.AsSpan(0, line);
        for (var row = 0; row < side; row++)
        {
            var y = Math.Clamp(Place(YY * (row + 0.5) + Y0 - 0.5), 0, last);
            var upper = picture.Slice((y >> PlaceBits) * line, line);
            MixRows(upper, y < last ? picture.Slice(((y >> PlaceBits) + 1) * line, line) : upper, Weight(y), mixed);
            var to = square.Slice(row * side * 3, side * 3);
            for (var column = 0; column < side; column++)
            {
                var pair = mixed.Slice(lefts[column], 6);
                var (left, right) = (256 - weights[column], weights[column]);
                to[2 + 3 * column] = (byte)((pair[2] * left + pair[5] * right + (1 << 15)) >> 16);
                to[1 + 3 * column] = (byte)((pair[1] * left + pair[4] * right + (1 << 15)) >> 16);
                to[3 * column] = (byte)((pair[0] * left + pair[3] * right + (1 << 15)) >> 16);
            }
        }

        ArrayPool<ushort>.Shared.Return(rented);
    }

    // 256 parts of each value: weight of the lower row, the rest of the upper one.
    private static void MixRows(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, int weight, Span<ushort> mixed)
    {
        var (above, below) = (new Vector<ushort>((ushort)(256 - weight)), new Vector<ushort>((ushort)weight));
        var i = 0;
        for (; i + Vector<byte>.Count <= mixed.Length; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(upper[i..]), out var upperFirst, out var upperSecond);
            Vector.Widen(new Vector<byte>(lower[i..]), out var lowerFirst, out var lowerSecond);
            (upperFirst * above + lowerFirst * below).CopyTo(mixed[i..]);
            (upperSecond * above + lowerSecond * below).CopyTo(mixed[(i + Vector<ushort>.Count)..]);
        }

        for (; i < mixed.Length; i++)
            mixed[i] = (ushort)(upper[i] * (256 - weight) + lower[i] * weight);
    }

    private static int Place(double pixels) => (int)Math.Round(pixels * (1 << PlaceBits));

    private static int Weight(int place) => (place >> 8) & 255;
}
