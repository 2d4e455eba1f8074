namespace MlNetAlexNet.Training.Runs;

/// <summary>The weights that the training starts from were read.</summary>
/// <param name="Path">The file.</param>
/// <param name="NewLastLayer">
/// The layer that is a new one, because the pictures have none of the file's classes; null if all are the file's.
/// </param>
/// <param name="Assumed">What the file does not say and was assumed, such as the normalization, in words.</param>
public sealed record InitialWeightsRead(
    string Path, string? NewLastLayer, IReadOnlyList<string> Assumed) : TrainingProgress
{
    /// <summary>
    /// Whether the pictures have the file's classes in another order, into which its outputs were put. Default false.
    /// </summary>
    public bool IsReordered { get; init; }

    /// <summary>
    /// Classes of the pictures that the file does not have, whose units of the last layer are drawn while the others stay.
    /// Default: none; empty, too, where the whole layer is a new one.
    /// </summary>
    public IReadOnlyList<string> AddedClasses { get; init; } = [];

    /// <summary>Classes of the pictures that keep their units. Default: none; empty, too, where all do in their order.</summary>
    public IReadOnlyList<string> KeptClasses { get; init; } = [];

    /// <summary>What the file says of its training and is not done here, in words. Default: nothing.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Classes of the file that the pictures do not have, likewise. Default: none.</summary>
    public IReadOnlyList<string> DroppedClasses { get; init; } = [];
}
