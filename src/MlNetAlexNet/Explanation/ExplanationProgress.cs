namespace MlNetAlexNet.Explanation;

/// <summary>How far an explanation is.</summary>
/// <param name="Done">Passes that are scored.</param>
/// <param name="Total">All of them, <see cref="ExplanationOptions.Passes"/>.</param>
public sealed record ExplanationProgress(int Done, int Total);
