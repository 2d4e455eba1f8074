using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>A model as a file holds it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Ignored">What the file holds beside it and is of no use here, such as optimizer state.</param>
/// <param name="Assumed">What the file does not say and was assumed, in words; empty for a model zip.</param>
/// <param name="HoldsClasses">
/// Whether the file says the class names and the normalization itself, as only this library's own do.
/// </param>
public sealed record ModelFileContent(
    TrainedModel Model, IReadOnlyList<string> Ignored, IReadOnlyList<string> Assumed, bool HoldsClasses);
