namespace MlNetAlexNet.Explanation;

/// <summary>
/// Weight of evidence in bits: by how much the base-2 logarithm of a class's odds falls when something is hidden (Robnik-Sikonja and
/// Kononenko 2008, "Explaining Classifications For Individual Instances"; Zintgraf and others 2017, "Visualizing Deep Neural Network
/// Decisions: Prediction Difference Analysis"). Unlike the loss of probability it does not vanish where the
/// probability is close to 1 with and without.
/// </summary>
internal static class Evidence
{
    /// <summary>The logarithm of the odds of a class against all others.</summary>
    /// <param name="scores">The probability of each class.</param>
    /// <param name="index">The class.</param>
    public static double LogOdds(ReadOnlySpan<float> scores, int index)
    {
        var others = 0.0; // not 1 - p: of a p close to 1 that has no digits left
        for (var i = 0; i < scores.Length; i++)
            others += i == index ? 0 : scores[i];
        return Log(scores[index]) - Log(others);
    }

    // Of what is less than the smallest float.
    private static double Log(double probability) => Math.Log2(Math.Max(probability, float.Epsilon));
}
