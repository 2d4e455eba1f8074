using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlNetAlexNet.Inspection;

/// <summary>
/// What a picture looks like, so that its copies are told from others after they were scaled, compressed, brightened or cut a
/// little at their borders: 256 signs of frequencies and 16 colours, 80 bytes. All zero where a picture is too flat to say.
/// </summary>
/// <remarks>
/// The signs are those of a perceptual hash: the lowest 16 x 16 frequencies of the cosine transform of a small grey picture,
/// each above their median or not (Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions",
/// section 3.2.1, with 8 x 8; Facebook's PDQ of 2019 with 16 x 16). Here the picture is 32 x 32 and the constant one of them
/// counts as 0. To the signs come the colours of 4 x 4 parts, as garments of one cut in other colours have the same signs.
/// </remarks>
[InlineArray(Words)]
internal struct PictureLook
{
    /// <summary>Bytes of a look.</summary>
    public const int Bytes = Words * sizeof(ulong);

    /// <summary>
    /// Signs, of 256, that may differ: of 3,781 photographs of clothing in one house style no copy at quality 60, of half the
    /// size or brighter by 5% differed in more than 22, and 99.4% of those cut by 2% at every border in at most this. With
    /// <see cref="MostOfColours"/> that leaves 6 pairs of the 7 million others (LooksTests).
    /// </summary>
    public const int MostSigns = 60;

    private const int Words = SignWords + (Parts * Parts * 3 / sizeof(ulong));
    private const int SignWords = Frequencies * Frequencies / 64;
    private const int Frequencies = 16;
    private const int Cells = 32;
    private const int Parts = 4;

    // Mean difference of the colours, of 255, at a mean brightness of 128: of photographs cut by 2% 99% have at most 7.3.
    private const float MostOfColours = 10;
    private const float Brightness = 128;

    // Standard deviation of the cells, of 255, below which their signs are those of noise. Photographs of clothing have 6.6 or more.
    private const float Flattest = 3;

    // Cosines[u, x] = cos(pi (2x + 1) u / 64), for a product from the left, and the other way round.
    private static readonly float[] s_cosines = [.. from u in Enumerable.Range(0, Frequencies) from x in Enumerable.Range(0, Cells) select Cosine(u, x)];
    private static readonly float[] s_turned = [.. from x in Enumerable.Range(0, Cells) from u in Enumerable.Range(0, Frequencies) select Cosine(u, x)];

    private ulong _first;

    /// <summary>Whether there is anything to compare.</summary>
    public readonly bool IsKnown
    {
        get
        {
            foreach (var word in this)
            {
                if (word != 0)
                    return true;
            }

            return false;
        }
    }

    /// <summary>The signs of the lowest 8 x 8 frequencies, by which looks are searched.</summary>
    public readonly ulong Low => this[0];

    /// <summary>Of a decoded picture.</summary>
    /// <param name="square">side x side x 3 bytes: rows of red, green, blue.</param>
    /// <param name="side">Of the square, in pixels.</param>
    public static PictureLook Compute(ReadOnlySpan<byte> square, int side)
    {
        Span<float> colours = stackalloc float[Cells * Cells * 3]; // 32 x 32 x RGB
        Average(square, side, colours);
        Span<float> grey = stackalloc float[Cells * Cells];
        for (var cell = 0; cell < grey.Length; cell++)
            grey[cell] = (colours[3 * cell] + colours[(3 * cell) + 1] + colours[(3 * cell) + 2]) / 3;

        var look = default(PictureLook);
        if (Deviation(grey) < Flattest)
            return look;

        SetSigns(ref look, grey);
        SetColours(ref look, colours);
        return look;
    }

    /// <summary>Whether two pictures are copies of one, as far as can be seen. Both must be known.</summary>
    /// <param name="other">The other.</param>
    /// <param name="mostSigns">As <see cref="MostSigns"/>.</param>
    public readonly bool IsNear(in PictureLook other, int mostSigns)
    {
        var signs = 0;
        for (var word = 0; word < SignWords; word++)
        {
            signs += BitOperations.PopCount(this[word] ^ other[word]);
            if (signs > mostSigns)
                return false;
        }

        return Compare(ColoursOf(this), ColoursOf(other)) <= MostOfColours;
    }

    private static float Cosine(int u, int x) => MathF.Cos(MathF.PI * ((2 * x) + 1) * u / (2 * Cells));

    private static void Average(ReadOnlySpan<byte> square, int side, Span<float> cells)
    {
        Span<uint> sums = stackalloc uint[3 * side]; // a row of cells, summed from above
        for (var row = 0; row < Cells; row++)
        {
            var (top, bottom) = Edges(row, side);
            sums.Clear();
            for (var y = top; y < bottom; y++)
                Add(square.Slice(3 * side * y, 3 * side), sums);

            for (var column = 0; column < Cells; column++)
            {
                var (left, right) = Edges(column, side);
                var (red, green, blue) = (0u, 0u, 0u);
                for (var x = 3 * left; x < 3 * right; x += 3)
                {
                    red += sums[x];
                    green += sums[x + 1];
                    blue += sums[x + 2];
                }

                var cell = cells.Slice(3 * ((row * Cells) + column), 3);
                var pixels = (float)((bottom - top) * (right - left));
                (cell[0], cell[1], cell[2]) = (red / pixels, green / pixels, blue / pixels);
            }
        }
    }

    // Of a picture smaller than the cells, some are of the same pixel.
    private static (int From, int To) Edges(int cell, int side)
    {
        var from = cell * side / Cells;
        return (from, Math.Max(from + 1, (cell + 1) * side / Cells));
    }

    private static void Add(ReadOnlySpan<byte> row, Span<uint> sums)
    {
        var i = 0;
        for (; i + Vector<byte>.Count <= row.Length; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[i..]), out var low, out var high);
            Vector.Widen(low, out var first, out var second);
            Vector.Widen(high, out var third, out var fourth);
            var into = sums.Slice(i, Vector<byte>.Count);
            var quarter = Vector<uint>.Count;
            (new Vector<uint>(into) + first).CopyTo(into);
            (new Vector<uint>(into[quarter..]) + second).CopyTo(into[quarter..]);
            (new Vector<uint>(into[(2 * quarter)..]) + third).CopyTo(into[(2 * quarter)..]);
            (new Vector<uint>(into[(3 * quarter)..]) + fourth).CopyTo(into[(3 * quarter)..]);
        }

        for (; i < row.Length; i++)
            sums[i] += row[i];
    }

    private static float Deviation(ReadOnlySpan<float> values)
    {
        var (sum, squares) = (0f, 0f);
        foreach (var value in values)
        {
            sum += value;
            squares += value * value;
        }

        var mean = sum / values.Length;
        return MathF.Sqrt(Math.Max(0, (squares / values.Length) - (mean * mean)));
    }

    private static void SetSigns(ref PictureLook look, ReadOnlySpan<float> grey)
    {
        Span<float> half = stackalloc float[Frequencies * Cells];
        Multiply(s_cosines, grey, half, Frequencies, Cells); // 16 x 32 by 32 x 32
        Span<float> frequencies = stackalloc float[Frequencies * Frequencies];
        Multiply(half, s_turned, frequencies, Frequencies, Frequencies); // 16 x 32 by 32 x 16
        frequencies[0] = 0;
        Span<float> sorted = stackalloc float[Frequencies * Frequencies];
        frequencies.CopyTo(sorted);
        sorted.Sort();
        var median = sorted[sorted.Length / 2];
        for (var i = 0; i < frequencies.Length; i++)
        {
            var (u, v) = (i / Frequencies, i % Frequencies);
            if (frequencies[i] > median)
                look[(2 * (u / 8)) + (v / 8)] |= 1UL << ((8 * (u % 8)) + (v % 8)); // blocks of 8 x 8, the lowest first
        }
    }

    // Rows x 32 by 32 x columns; summed in one order, so that every processor gives the same.
    private static void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> product, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            var into = product.Slice(row * columns, columns);
            into.Clear();
            for (var k = 0; k < Cells; k++)
            {
                var factor = left[(row * Cells) + k];
                var from = right.Slice(k * columns, columns);
                for (var i = 0; i < columns; i += Vector<float>.Count)
                    (new Vector<float>(into[i..]) + (new Vector<float>(from[i..]) * factor)).CopyTo(into[i..]);
            }
        }
    }

    private static void SetColours(ref PictureLook look, ReadOnlySpan<float> cells)
    {
        const int Width = Cells / Parts;
        Span<float> sums = stackalloc float[Parts * Parts * 3];
        sums.Clear();
        for (var i = 0; i < cells.Length; i++)
        {
            var (row, column, colour) = (i / 3 / Cells / Width, i / 3 % Cells / Width, i % 3);
            sums[(3 * ((row * Parts) + column)) + colour] += cells[i];
        }

        var colours = MemoryMarshal.AsBytes(((Span<ulong>)look)[SignWords..]);
        for (var i = 0; i < sums.Length; i++)
            colours[i] = (byte)MathF.Round(sums[i] / (Width * Width));
    }

    private static ReadOnlySpan<byte> ColoursOf(in PictureLook look) =>
        MemoryMarshal.AsBytes(((ReadOnlySpan<ulong>)look)[SignWords..]);

    // As if both were equally bright.
    private static float Compare(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var (first, second, difference) = (Gain(one), Gain(other), 0f);
        for (var i = 0; i < one.Length; i++)
            difference += Math.Abs((one[i] * first) - (other[i] * second));
        return difference / one.Length;
    }

    private static float Gain(ReadOnlySpan<byte> colours)
    {
        var sum = 0;
        foreach (var colour in colours)
            sum += colour;
        return Brightness * colours.Length / Math.Max(1, sum);
    }
}
