using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats;

/// <summary>What a file of another framework holds, in this library's terms.</summary>
/// <param name="Plan">The stack...</param>
/// <param name="Weights">Its weights...</param>
/// <param name="Ignored">What the file holds beside them and is of no use here, such as optimizer state.</param>
public sealed record ImportedModel(LayerPlan Plan, WeightSet Weights, IReadOnlyList<string> Ignored)
{
    /// <summary>What the file does not say and was assumed, in words. Default: nothing.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];
}
