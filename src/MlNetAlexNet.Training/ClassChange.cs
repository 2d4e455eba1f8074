namespace MlNetAlexNet.Training;

/// <summary>What became of the classes of trained weights when they were made those to train.</summary>
/// <param name="LastLayer">The layer whose units were changed; null if none was.</param>
/// <param name="Kept">Classes whose units stay, in the order of the units.</param>
/// <param name="Added">Classes with units that are drawn.</param>
/// <param name="Dropped">Classes whose units are gone.</param>
internal sealed record ClassChange(
    string? LastLayer, IReadOnlyList<string> Kept, IReadOnlyList<string> Added, IReadOnlyList<string> Dropped)
{
    public static ClassChange None { get; } = new(LastLayer: null, [], [], []);

    /// <summary>The last layer, if nothing of it stays.</summary>
    public string? NewLastLayer => Kept.Count == 0 ? LastLayer : null;

    /// <summary>The last layer, if it has units that are drawn.</summary>
    public string? NewUnits => Added.Count > 0 ? LastLayer : null;

    /// <summary>Whether the units are the same ones in another order.</summary>
    public bool IsReordered => LastLayer is not null && Added.Count == 0 && Dropped.Count == 0;
}
