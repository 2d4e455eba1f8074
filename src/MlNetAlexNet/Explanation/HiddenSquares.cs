using SkiaSharp;

namespace MlNetAlexNet.Explanation;

/// <summary>The places of the hiding square on a square picture: rows and columns of squares of one size, the outermost at its edges.</summary>
/// <param name="side">Of the picture, in pixels.</param>
/// <param name="options">How many, and how large.</param>
internal sealed class HiddenSquares(int side, ExplanationOptions options)
{
    /// <summary>Side of the picture, in pixels.</summary>
    public int Side => side;

    /// <summary>Places along each side.</summary>
    public int Positions => options.Positions;

    /// <summary>Side of the hiding square, in pixels: rounded up, so that none is left out between two.</summary>
    public int Size { get; } = (int)Math.Ceiling(Math.Round(side * options.SquareShare, 6));

    /// <summary>The hiding square at a place.</summary>
    /// <param name="place">Of all places, row after row.</param>
    public SKRectI this[int place] => SKRectI.Create(Start(place % Positions), Start(place / Positions), Size, Size);

    /// <summary>Which place has its middle there, in places from the first; between two it is a fraction.</summary>
    /// <param name="pixel">Along a side of the picture, in pixels.</param>
    public float PlaceOf(float pixel) =>
        side == Size ? 0 : Math.Clamp((pixel - (Size / 2f)) * (Positions - 1) / (side - Size), 0, Positions - 1);

    private int Start(int place) => (int)Math.Round((double)place * (side - Size) / (Positions - 1));
}
