namespace MlNetAlexNet.Formats.Onnx;

/// <summary>The names of the scoring graph's ends, which ML.NET makes into columns of the same name.</summary>
internal static class OnnxColumns
{
    /// <summary>Class probabilities, batch x classes.</summary>
    public const string Score = "Score";

    /// <summary>Names of the k most probable classes, best first, batch x k.</summary>
    public const string TopLabels = "TopLabels";

    /// <summary>Their probabilities, batch x k.</summary>
    public const string TopScores = "TopScores";

    /// <summary>Name of the most probable class, batch x 1.</summary>
    public const string BestLabel = "BestLabel";

    /// <summary>
    /// ML.NET takes the names of Score's slots from a node of this name (OnnxTransform.cs, <c>AddSlotNames</c>).
    /// </summary>
    public const string ScoreSlotNames = "mlnet.Score.SlotNames";
}
