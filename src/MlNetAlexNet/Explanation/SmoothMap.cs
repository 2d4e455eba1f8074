namespace MlNetAlexNet.Explanation;

/// <summary>
/// Values on a grid of places and smoothly between them: the cubic of Keys, IEEE Transactions on Acoustics, Speech and Signal
/// Processing 29(6), 1981, with a = -1/2, which goes through the values. Beyond the outermost places it stays as there.
/// </summary>
/// <param name="values">Row after row.</param>
/// <param name="places">Along each side.</param>
internal sealed class SmoothMap(IReadOnlyList<float> values, int places)
{
    /// <summary>The value at a place; between two it is a fraction.</summary>
    public float At(float row, float column)
    {
        Span<float> rowWeights = stackalloc float[4];
        Span<float> columnWeights = stackalloc float[4];
        var (top, left) = (Weigh(row, rowWeights), Weigh(column, columnWeights));
        var sum = 0f;
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
                sum += rowWeights[i] * columnWeights[j] * values[(Inside(top + i) * places) + Inside(left + j)];
        }

        return sum;
    }

    private int Inside(int place) => Math.Clamp(place, 0, places - 1);

    // The weights of four neighbours.
    private static int Weigh(float place, Span<float> weights)
    {
        var whole = (int)MathF.Floor(place);
        var t = place - whole;
        weights[0] = t * (-0.5f + (t * (1 - (0.5f * t))));
        weights[1] = 1 + (t * t * (-2.5f + (1.5f * t)));
        weights[2] = t * (0.5f + (t * (2 - (1.5f * t))));
        weights[3] = t * t * (-0.5f + (0.5f * t));
        return whole - 1;
    }
}
