namespace MlNetAlexNet.Training.Data;

/// <summary>Those pictures of a set that are used.</summary>
/// <param name="Set">The pictures.</param>
/// <param name="Rows">The rows of those used, each once, in the order in which they are validated.</param>
internal sealed record PixelRows(PixelSet Set, IReadOnlyList<int> Rows);
