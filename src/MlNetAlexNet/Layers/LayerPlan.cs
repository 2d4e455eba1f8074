using System.Collections;

namespace MlNetAlexNet.Layers;

/// <summary>
/// One row of a <see cref="LayerPlan"/>: a layer with its name and everything that follows from its input.
/// </summary>
/// <param name="Name">Unique in the stack, such as <c>conv2d_1</c>.</param>
/// <param name="Layer">The layer itself.</param>
/// <param name="Input">What comes in.</param>
/// <param name="Output">What goes out.</param>
/// <param name="Weights">
/// Its weights; in a <see cref="WeightSet"/> each is called as <c>name/kernel</c> or <c>name/bias</c>.
/// </param>
/// <param name="MultiplyAdds">Multiplications with an addition for one example.</param>
public sealed record PlannedLayer(
    string Name,
    Layer Layer,
    TensorShape Input,
    TensorShape Output,
    IReadOnlyList<WeightShape> Weights,
    long MultiplyAdds)
{
    /// <summary>Values of its weights, those that are not trained included, as Keras counts them.</summary>
    public long Parameters => Weights.Sum(weight => weight.Elements);

    /// <summary>Whether it ends in a softmax, and the stack with it.</summary>
    internal bool EndsInSoftmax => Layer
        is WeightedLayer { Activation: Activation.Softmax } or ActivationLayer { Activation: Activation.Softmax };

    /// <summary>The key of one of this layer's weights in a <see cref="WeightSet"/>.</summary>
    public string GetWeightName(WeightShape weight) => $"{Name}/{weight.Name}";
}

/// <summary>
/// A stack with every shape, name and count resolved: the one table that summary, engines and file formats read.
/// Get it from <see cref="Sequential.Plan"/>.
/// </summary>
public sealed class LayerPlan : IReadOnlyList<PlannedLayer>
{
    private readonly PlannedLayer[] _layers;

    internal LayerPlan(TensorShape input, IEnumerable<PlannedLayer> layers)
    {
        Input = input;
        _layers = [.. layers];
    }

    /// <summary>The picture that goes in: height x width x channels.</summary>
    public TensorShape Input { get; }

    /// <summary>What the last layer gives.</summary>
    public TensorShape Output => _layers[^1].Output;

    /// <summary>Values of all weights, those that are not trained included, as Keras counts them.</summary>
    public long Parameters => _layers.Sum(layer => layer.Parameters);

    /// <summary>Values that the optimizer changes; the others are moving statistics.</summary>
    public long TrainableParameters =>
        Weights.Where(weight => weight.Shape.IsTrainable).Sum(weight => weight.Shape.Elements);

    /// <summary>Multiplications with an addition for one example.</summary>
    public long MultiplyAdds => _layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>Every weight of the stack, in order: its <see cref="WeightSet"/> key and its dimensions.</summary>
    public IEnumerable<(string Key, WeightShape Shape)> Weights =>
        from layer in _layers from weight in layer.Weights select (layer.GetWeightName(weight), weight);

    /// <summary>The stack with changed layers; shapes and counts are resolved again.</summary>
    /// <param name="change">
    /// What stands in a layer's place, such as <c>conv with { Groups = 1 }</c>; the layer itself where nothing changes,
    /// null to leave it out. A layer without a name gets that of the one it replaces.
    /// </param>
    /// <exception cref="AlexNetException">
    /// A layer cannot take what the one before it now gives, a name is there twice, or no layer is left.
    /// </exception>
    public LayerPlan Rewrite(Func<PlannedLayer, Layer?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Rewrite(planned => change(planned) is { } layer
            ? [layer with { Name = layer.Name ?? planned.Name }]
            : Enumerable.Empty<Layer>());
    }

    /// <summary>The stack with any number of layers in the place of each; names that are missing are automatic.</summary>
    internal LayerPlan Rewrite(Func<PlannedLayer, IEnumerable<Layer>> change) =>
        new Sequential(Input, _layers.SelectMany(change)).Plan();

    /// <inheritdoc/>
    public int Count => _layers.Length;

    /// <inheritdoc/>
    public PlannedLayer this[int index] => _layers[index];

    /// <inheritdoc/>
    public IEnumerator<PlannedLayer> GetEnumerator() => _layers.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
