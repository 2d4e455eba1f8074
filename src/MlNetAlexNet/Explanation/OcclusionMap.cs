using MlNetAlexNet.Formats;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Explanation;

/// <summary>Where in a picture the evidence for a class is, as <see cref="OcclusionExplainer"/> has found it. Immutable.</summary>
/// <remarks>It holds the picture in grey for the overlay: 1 MB at most.</remarks>
public sealed class OcclusionMap
{
    private readonly ExplainedPicture _picture;
    private readonly HiddenSquares _squares;

    internal OcclusionMap(
        ImagePrediction prediction, string name, int index, IReadOnlyList<float[]> hidden, ExplainedPicture picture, HiddenSquares squares)
    {
        (Prediction, Class, _picture, _squares) = (prediction, name, picture, squares);
        Probability = prediction.Score[index];
        Probabilities = [.. hidden.Select(scores => scores[index])];
        var odds = Evidence.LogOdds(prediction.Score, index);
        Values = [.. hidden.Select(scores => (float)(odds - Evidence.LogOdds(scores, index)))];
        var peak = Enumerable.Range(0, Values.Count).MaxBy(place => Values[place]);
        Peak = (peak / Positions, peak % Positions);
    }

    /// <summary>What the model says of the whole picture.</summary>
    public ImagePrediction Prediction { get; }

    /// <summary>Whether the picture has transparent parts, which count as black.</summary>
    public bool IsTransparent => _picture.IsTransparent;

    /// <summary>The class that is explained.</summary>
    public string Class { get; }

    /// <summary>Its probability in the whole picture, 0 to 1.</summary>
    public float Probability { get; }

    /// <summary>Places of the hiding square along each side.</summary>
    public int Positions => _squares.Positions;

    /// <summary>
    /// The evidence for the class at each place, row after row, in bits: 3 means that hiding it leaves an eighth of the odds
    /// p / (1 - p). Below 0 it speaks against the class: hiding it makes the class more probable.
    /// </summary>
    public IReadOnlyList<float> Values { get; }

    /// <summary>The probability of the class while each place is hidden, 0 to 1, row after row.</summary>
    public IReadOnlyList<float> Probabilities { get; }

    /// <summary>The place of the largest value; of equal ones the first.</summary>
    public (int Row, int Column) Peak { get; }

    /// <summary>The picture's width, upright, in pixels.</summary>
    public int Width => _picture.Size.Width;

    /// <summary>The picture's height, upright, in pixels.</summary>
    public int Height => _picture.Size.Height;

    /// <summary>The value at a place.</summary>
    /// <param name="row">From 0, at the top.</param>
    /// <param name="column">From 0, at the left.</param>
    public float this[int row, int column] => Values[PlaceOf(row, column)];

    /// <summary>The part of the picture that is hidden at a place.</summary>
    /// <param name="row">From 0, at the top.</param>
    /// <param name="column">From 0, at the left.</param>
    public PictureRectangle FindPart(int row, int column) => _picture.OnPicture(_squares[PlaceOf(row, column)]);

    /// <summary>
    /// Draws the map over the picture: the whole picture, upright, in grey, its longer side 512 to 1024 pixels; yellow where the
    /// evidence for the class is, blue where what speaks against it is, the stronger the more; the part that tells the
    /// most framed; what the network does not get to see dimmed. The colours are those of cividis, which people with and without
    /// colour vision see alike, and which become light and dark in black and white.
    /// </summary>
    /// <returns>A PNG, whose text says what it shows.</returns>
    public byte[] DrawOverlay() => Overlay.Draw(this, _picture, _squares);

    /// <summary>Writes <see cref="DrawOverlay"/> to a file: whole or not at all. Folders are created.</summary>
    /// <param name="path">The file. An overlay that stands there is replaced.</param>
    /// <exception cref="AlexNetException">It cannot be written, or something else stands there.</exception>
    public void WriteOverlay(string path)
    {
        RequireReplaceable(path);
        var png = DrawOverlay();
        WholeFile.Write(path, file => file.Write(png));
    }

    /// <summary>Checks that a file is an overlay, or none.</summary>
    /// <exception cref="AlexNetException">Something else stands there.</exception>
    public static void RequireReplaceable(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Path.Exists(path) && !OverlayText.IsIn(path))
            throw new AlexNetException($"'{path}' is there and is not an overlay of an explanation. Move it away, or write to another folder.");
    }

    private int PlaceOf(int row, int column)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Positions);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Positions);
        return (row * Positions) + column;
    }
}
