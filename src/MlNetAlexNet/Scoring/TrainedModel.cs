using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Scoring;

/// <summary>A stack with its trained weights and all that a picture needs on its way in and out.</summary>
/// <param name="Plan">The stack.</param>
/// <param name="Weights">The weights of <paramref name="Plan"/>.</param>
/// <param name="Preprocessing">What happens to the pixels before the first layer.</param>
/// <param name="Classes">The class names, in the order of the last layer's units.</param>
/// <param name="TopK">Classes in <c>TopLabels</c> and <c>TopScores</c>; at most as many as there are classes.</param>
public sealed record TrainedModel(
    LayerPlan Plan, WeightSet Weights, ImagePreprocessing Preprocessing, IReadOnlyList<string> Classes, int TopK);
