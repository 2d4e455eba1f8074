namespace MlNetAlexNet.Training.Runs;

/// <summary>The weights that the training starts from were read.</summary>
/// <param name="Path">The file.</param>
/// <param name="NewLastLayer">
/// The layer that is a new one, because the pictures have other classes than the file; null if all are the file's.
/// </param>
/// <param name="Assumed">What the file does not say and was assumed, such as the normalization, in words.</param>
public sealed record InitialWeightsRead(
    string Path, string? NewLastLayer, IReadOnlyList<string> Assumed) : TrainingProgress
{
    /// <summary>
    /// Whether the pictures have the file's classes in another order, into which its outputs were put. Default false.
    /// </summary>
    public bool IsReordered { get; init; }
}
