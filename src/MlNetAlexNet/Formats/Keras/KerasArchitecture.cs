using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>A layer with weights as a Keras file knows it.</summary>
/// <param name="Place">Where Keras has it.</param>
/// <param name="Layer">Its row in the plan.</param>
internal sealed record KerasWeightedLayer(KerasPlace Place, PlannedLayer Layer);

/// <summary>A stack and what is needed to find its weights in a Keras file.</summary>
/// <param name="Plan">The stack.</param>
/// <param name="Weighted">Its layers with weights, in order.</param>
internal sealed record KerasArchitecture(LayerPlan Plan, IReadOnlyList<KerasWeightedLayer> Weighted)
{
    /// <summary>Layers before the stack that scale the values of a picture, in order. Default: none.</summary>
    public IReadOnlyList<KerasScaling> Scalings { get; init; } = [];

    /// <summary>Layers of the configuration that do nothing to a picture that is scored. Default: none.</summary>
    public IReadOnlyList<KerasPlace> LeftOut { get; init; } = [];

    /// <summary>What of the configuration has no place here, in words, but for <see cref="KernelRegularizers"/>. Default: nothing.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>How weights are drawn to the configuration and not here, in words. Default: nothing.</summary>
    public IReadOnlyList<string> Initializers { get; init; } = [];

    /// <summary>
    /// The weight decay of the kernels of layers, by our names, that their <c>kernel_regularizer</c> is to a training. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, double> KernelDecays { get; init; } = new Dictionary<string, double>();

    /// <summary>The same in words, for who does not train. Default: none.</summary>
    public IReadOnlyList<string> KernelRegularizers { get; init; } = [];

    /// <summary>What the configuration does not say and was assumed, in words. Default: nothing.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];

    /// <summary>Every variable that files of the model hold.</summary>
    public IEnumerable<KerasVariable> Variables =>
    [
        .. Scalings.SelectMany(scaling => scaling.Variables),
        .. Weighted.SelectMany(layer => KerasWeights.VariablesOf(layer, Plan)),
    ];

    /// <summary>The architecture of a stack that is known already, with our names.</summary>
    public static KerasArchitecture Describe(LayerPlan plan)
    {
        var slots = new KerasSlots();
        return new KerasArchitecture(
            plan, [.. plan.Where(layer => layer.Weights.Count > 0).Select(layer => new KerasWeightedLayer(
                new KerasPlace(layer.Name, Models: [], slots.NextGroup("", layer.Layer.TypeName)), layer))]);
    }
}
