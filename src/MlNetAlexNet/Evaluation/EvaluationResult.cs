using MlNetAlexNet.Models;

namespace MlNetAlexNet.Evaluation;

/// <summary>What scoring pictures of known classes has shown.</summary>
/// <param name="Metrics">How many were right.</param>
/// <param name="Pictures">Each picture that was scored, in the order given.</param>
/// <param name="LeftOut">Paths of those that cannot be decoded and were left out.</param>
public sealed record EvaluationResult(
    Metrics Metrics, IReadOnlyList<ScoredPicture> Pictures, IReadOnlyList<string> LeftOut)
{
    /// <summary>
    /// Paths of those that the model was trained on, told by their <see cref="PictureFingerprint"/>, in the order given: what
    /// they add to the metrics says nothing of other pictures. Default: none are known.
    /// </summary>
    public IReadOnlyList<string> TrainedOn { get; init; } = [];

    /// <summary>Pictures that were scored and have transparent parts, which count as black. Default 0.</summary>
    public int Transparent { get; init; }
}

/// <summary>One more picture was scored.</summary>
/// <param name="Done">Pictures so far.</param>
/// <param name="Total">Pictures in all.</param>
public sealed record EvaluationProgress(int Done, int Total);
