using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>A batch normalization that is worked into the layer before it.</summary>
/// <param name="Name">Its name in Keras.</param>
/// <param name="Slot">See <see cref="KerasVariable.Slot"/>.</param>
/// <param name="Scale">Whether it has a gamma.</param>
/// <param name="Center">Whether it has a beta.</param>
/// <param name="Epsilon">Added to the variance.</param>
internal sealed record KerasNormalization(string Name, string Slot, bool Scale, bool Center, double Epsilon);

/// <summary>A convolution or dense layer as a Keras file knows it.</summary>
/// <param name="Name">Its name in Keras.</param>
/// <param name="Slot">See <see cref="KerasVariable.Slot"/>.</param>
/// <param name="UseBias">Whether Keras has a bias for it; ours always has one after a normalization.</param>
/// <param name="Layer">Its row in the plan.</param>
/// <param name="Normalization">The batch normalization right behind it.</param>
internal sealed record KerasWeightedLayer(
    string Name, string Slot, bool UseBias, PlannedLayer Layer, KerasNormalization? Normalization);

/// <summary>A stack and what is needed to find its weights in a Keras file.</summary>
/// <param name="Plan">The stack.</param>
/// <param name="Weighted">Its layers with weights, in order.</param>
/// <param name="Ignored">Training settings of the configuration that have no place here.</param>
internal sealed record KerasArchitecture(
    LayerPlan Plan, IReadOnlyList<KerasWeightedLayer> Weighted, IReadOnlyList<string> Ignored)
{
    /// <summary>The architecture of a stack that is known already: no normalization, our names.</summary>
    public static KerasArchitecture Describe(LayerPlan plan)
    {
        var slots = new KerasSlots();
        return new KerasArchitecture(plan, [.. plan.Where(layer => layer.Weights.Count > 0).Select(Weighted)], []);

        KerasWeightedLayer Weighted(PlannedLayer layer) => new(
            layer.Name, slots.Next(layer.Layer.TypeName), layer.Weights.Count > 1, layer, Normalization: null);
    }
}
