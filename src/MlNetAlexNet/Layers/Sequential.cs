using System.Collections;
using System.Text.RegularExpressions;

namespace MlNetAlexNet.Layers;

/// <summary>
/// Layers one after the other, as Keras' <c>Sequential</c>, written in one expression or added one by one:
/// <code>
/// var stack = new Sequential(TensorShape.Image(28, 28, 1)) { new Flatten(), new Dense(10, Activation.Softmax) };
/// stack.Add(...);
/// </code>
/// A layer that cannot take the output of the one before it is refused as it is added.
/// </summary>
public sealed partial class Sequential : IEnumerable<Layer>
{
    private readonly List<PlannedLayer> _layers = [];

    /// <summary>Creates an empty stack.</summary>
    /// <param name="input">The picture that goes in: height x width x channels.</param>
    /// <exception cref="AlexNetException"><paramref name="input"/> is the empty default shape.</exception>
    public Sequential(TensorShape input) => Input = input != default
        ? input
        : throw new AlexNetException("A stack over an empty shape; give the input with TensorShape.Image.");

    /// <summary>Creates a stack of those layers, added one by one.</summary>
    /// <param name="input">The picture that goes in: height x width x channels.</param>
    /// <param name="layers">The layers in order, such as another stack's.</param>
    /// <exception cref="AlexNetException">The shape is empty, or a layer refused as <see cref="Add"/> does.</exception>
    public Sequential(TensorShape input, IEnumerable<Layer> layers)
        : this(input)
    {
        ArgumentNullException.ThrowIfNull(layers);
        foreach (var layer in layers)
            Add(layer);
    }

    /// <summary>The picture that goes in.</summary>
    public TensorShape Input { get; }

    /// <summary>Adds a layer after the last one.</summary>
    /// <exception cref="AlexNetException">
    /// The layer cannot take the stack's output, or its name is taken or not a name.
    /// </exception>
    public void Add(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var input = _layers.Count == 0 ? Input : _layers[^1].Output;
        var name = layer.Name ?? AutomaticName(layer);
        if (string.IsNullOrWhiteSpace(name) || name.Contains('/'))
        {
            throw new AlexNetException($"A layer is called '{name}'; a Name cannot be blank or hold a '/'.");
        }

        if (IsTaken(name))
        {
            throw new AlexNetException($"Two layers are called '{name}'; give one of them another Name.");
        }

        if (_layers.Count > 0 && _layers[^1].EndsInSoftmax)
        {
            throw new AlexNetException(
                $"{name} comes after '{_layers[^1].Name}', whose softmax ends the stack. " +
                "Put the softmax in the last layer.");
        }

        var named = layer with { Name = name };
        var output = named.ComputeOutputShape(input);
        _layers.Add(new PlannedLayer(name, named, input, output, named.ListWeights(input), named.CountMultiplyAdds(input)));
    }

    /// <summary>The resolved stack so far. Layers added later are not in it.</summary>
    /// <exception cref="AlexNetException">The stack is empty.</exception>
    public LayerPlan Plan() => _layers.Count > 0
        ? new LayerPlan(Input, _layers)
        : throw new AlexNetException($"The stack over {Input} has no layers; add at least one.");

    /// <inheritdoc/>
    public IEnumerator<Layer> GetEnumerator() => _layers.Select(planned => planned.Layer).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool IsTaken(string name) => _layers.Exists(layer => layer.Name == name);

    // Keras 2 (keras/backend.py, get_uid; keras/engine/base_layer.py, to_snake_case): MaxPooling2D -> max_pooling2d_1.
    // Layers with a Name of their own do not count.
    private string AutomaticName(Layer layer)
    {
        var prefix = WordStart().Replace(layer.TypeName, "_").ToLowerInvariant();
        var number = 1;
        while (IsTaken($"{prefix}_{number}"))
        {
            number++;
        }

        return $"{prefix}_{number}";
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();
}
