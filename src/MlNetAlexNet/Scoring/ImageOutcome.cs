namespace MlNetAlexNet.Scoring;

/// <summary>What came of one of many pictures.</summary>
/// <param name="Path">The picture's file; empty if it came in a stream or in memory.</param>
/// <param name="Prediction">What the model says; null if the picture cannot be decoded.</param>
/// <param name="Fault">Why it cannot; the message names the file. Null if it can.</param>
public sealed record ImageOutcome(string Path, ImagePrediction? Prediction, AlexNetException? Fault)
{
    /// <summary>Whether the picture has transparent parts, which count as black. Default: it has none.</summary>
    public bool IsTransparent { get; init; }
}
