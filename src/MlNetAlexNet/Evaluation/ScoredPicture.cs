namespace MlNetAlexNet.Evaluation;

/// <summary>A picture of a known class and what a model says of it.</summary>
/// <param name="Path">Of the picture.</param>
/// <param name="Label">Its class.</param>
/// <param name="Predicted">The class with the highest probability.</param>
/// <param name="Probability">Of <paramref name="Predicted"/>, 0 to 1.</param>
/// <param name="LabelProbability">Of <paramref name="Label"/>, 0 to 1.</param>
/// <param name="Rank">Classes that are more probable than <paramref name="Label"/>: 0 where the picture is right.</param>
public sealed record ScoredPicture(
    string Path, string Label, string Predicted, float Probability, float LabelProbability, int Rank)
{
    /// <summary>Whether the most probable class is the picture's.</summary>
    public bool IsRight => Rank == 0;

    /// <summary>Of the probabilities of all classes.</summary>
    /// <param name="path">Of the picture.</param>
    /// <param name="classes">In the order of the scores.</param>
    /// <param name="actual">Index of the true one.</param>
    /// <param name="score">The probabilities. Of equal ones the first class counts as the higher, as in ONNX TopK.</param>
    internal static ScoredPicture Compare(string path, IReadOnlyList<string> classes, int actual, float[] score)
    {
        var best = Array.IndexOf(score, score.Max());
        var rank = score.Where((other, i) => other > score[actual] || (other == score[actual] && i < actual)).Count();
        return new ScoredPicture(path, classes[actual], classes[best], score[best], score[actual], rank);
    }
}
