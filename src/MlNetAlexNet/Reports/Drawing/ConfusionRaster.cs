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
    private const int SmallestMark = 3; // pixels: one alone is hardly seen

    // Okabe and Ito 2008, "Color Universal Design": blue for what is right, vermillion for what is not.
    private static readonly SKColor s_right = new(0, 114, 178);
    private static readonly SKColor s_wrong = new(213, 94, 0);

    public static string Draw(ConfusionMatrix confusion)
    {
        var classes = confusion.Classes.Count;
        var cell = Math.Max(1, Side / classes);
        var (side, more) = (classes * cell, Math.Max(0, SmallestMark - cell) / 2); // a mark reaches that far into the cells beside it
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
                var (left, right) = (Math.Max(0, column * cell - more), Math.Min(side, (column + 1) * cell + more));
                for (var y = Math.Max(0, row * cell - more); y < Math.Min(side, (row + 1) * cell + more); y++)
                    colors.AsSpan(y * side + left, right - left).Fill(color);
            }
        }

        return PngPicture.Encode(side, side, colors);
    }
}
