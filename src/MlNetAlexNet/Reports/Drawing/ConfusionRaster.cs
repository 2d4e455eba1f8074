using MlNetAlexNet.Evaluation;
using SkiaSharp;

namespace MlNetAlexNet.Reports.Drawing;

/// <summary>
/// A confusion matrix of many classes as a picture: a square of pixels a cell, the deeper the more of the row's pictures it has. What is
/// empty is clear, so that the picture does on a light page and on a dark one.
/// </summary>
internal static class ConfusionRaster
{
    private const int Side = 700; // or more, where there are more classes
    private const int MostSide = 2000; // of so many classes that several share a pixel
    private const int SmallestMark = 3; // pixels: one alone is hardly seen

    // Okabe and Ito 2008, "Color Universal Design": blue for what is right, vermillion for what is not.
    private static readonly SKColor s_right = new(0, 114, 178);
    private static readonly SKColor s_wrong = new(213, 94, 0);

    public static string Draw(ConfusionMatrix confusion)
    {
        var classes = confusion.Classes.Count;
        var side = Math.Min(MostSide, classes * Math.Max(1, Side / classes));
        var more = Math.Max(0, SmallestMark - side / classes) / 2; // a mark reaches that far into the cells beside it
        var colors = new SKColor[side * side];
        for (var row = 0; row < classes; row++)
        {
            var pictures = confusion.CountActual(row);
            for (var column = 0; pictures > 0 && column < classes; column++)
            {
                if (confusion[row, column] is not (> 0 and var count))
                    continue;

                // The square root shows one picture of many.
                var opacity = (byte)(55 + 200 * Math.Sqrt((double)count / pictures));
                var color = (row == column ? s_right : s_wrong).WithAlpha(opacity);
                var ((left, right), (top, bottom)) = (Place(column), Place(row));
                for (var y = top; y < bottom; y++)
                    colors.AsSpan(y * side + left, right - left).Fill(color);
            }
        }

        return PngPicture.Encode(side, side, colors);

        (int From, int To) Place(int index)
        {
            var from = (int)((long)index * side / classes);
            return (Math.Max(0, from - more), Math.Min(side, Math.Max(from + 1, (int)((index + 1L) * side / classes)) + more));
        }
    }
}
