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
/// Its weights; in a <see cref="WeightSet"/> each is called <c>name/kernel</c> or <c>name/bias</c>.
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
    /// <summary>Trainable values.</summary>
    public long Parameters => Weights.Sum(weight => weight.Elements);

    /// <summary>The key of one of this layer's weights in a <see cref="WeightSet"/>.</summary>
    public string WeightName(WeightShape weight) => $"{Name}/{weight.Name}";
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

    /// <summary>Trainable values of the whole stack.</summary>
    public long Parameters => _layers.Sum(layer => layer.Parameters);

    /// <summary>Multiplications with an addition for one example.</summary>
    public long MultiplyAdds => _layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>Every weight of the stack, in order: its <see cref="WeightSet"/> key and its dimensions.</summary>
    public IEnumerable<(string Key, WeightShape Shape)> Weights =>
        from layer in _layers from weight in layer.Weights select (layer.WeightName(weight), weight);

    /// <inheritdoc/>
    public int Count => _layers.Length;

    /// <inheritdoc/>
    public PlannedLayer this[int index] => _layers[index];

    /// <inheritdoc/>
    public IEnumerator<PlannedLayer> GetEnumerator() => _layers.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
