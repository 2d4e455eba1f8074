namespace MlNetAlexNet.Scoring;

/// <summary>What a model zip says of one picture.</summary>
public sealed class ImagePrediction
{
    /// <summary>The most probable class.</summary>
    public string PredictedLabel { get; set; } = "";

    /// <summary>The probability of each class, 0 to 1, in the order of <see cref="ImageClassifier.Classes"/>.</summary>
    public float[] Score { get; set; } = [];

    /// <summary>The most probable classes, best first: five, or as many as the model was trained to give.</summary>
    public string[] TopLabels { get; set; } = [];

    /// <summary>The probabilities of <see cref="TopLabels"/>, 0 to 1.</summary>
    public float[] TopScores { get; set; } = [];
}
