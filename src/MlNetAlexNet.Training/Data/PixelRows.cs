namespace MlNetAlexNet.Training.Data;

/// <summary>Those pictures of a set that are used.</summary>
/// <param name="Set">The pictures.</param>
/// <param name="Rows">The numbers of those used.</param>
internal sealed record PixelRows(PixelSet Set, IReadOnlyList<int> Rows);
