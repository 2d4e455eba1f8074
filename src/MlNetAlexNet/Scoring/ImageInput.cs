namespace MlNetAlexNet.Scoring;

/// <summary>A row that a model zip scores, for <c>PredictionEngine&lt;ImageInput, ImagePrediction&gt;</c>.</summary>
public sealed class ImageInput
{
    /// <summary>The picture's file.</summary>
    public string ImagePath { get; set; } = "";

    /// <summary>Its class where that is known, for <c>Evaluate</c>. Default empty: not known.</summary>
    public string Label { get; set; } = "";
}
