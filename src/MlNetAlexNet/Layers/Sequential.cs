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
    private readonly Dictionary<string, int> _count = [];

    /// <summary>Creates an empty stack.</summary>
    /// <param name="input">The picture that goes in: height x width x channels.</param>
    public Sequential(TensorShape input) => Input = input;

    /// <summary>The picture that goes in.</summary>
    public TensorShape Input { get; }

    /// <summary>Adds a layer after the last one.</summary>
    /// <exception cref="AlexNetException">The layer cannot take the stack's output, or its name is taken.</exception>
    public void Add(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var input = _layers.Count == 0 ? Input : _layers[^1].Output;
        var name = layer.Name ?? AutomaticName(layer);
        if (_layers.Exists(other => other.Name == name))
        {
            throw new AlexNetException($"Two layers are called '{name}'; give one of them another Name.");
        }

        if (_layers.Count > 0 && ActivationOf(_layers[^1].Layer) == Activation.Softmax)
        {
            throw new AlexNetException(
                $"{name} comes after '{_layers[^1].Name}', whose softmax ends the stack. Put the softmax in the last layer.");
        }

        var named = layer with { Name = name };
        var output = named.OutputShape(input);
        _layers.Add(new PlannedLayer(name, named, input, output, named.Weights(input), named.MultiplyAdds(input)));
        _count[layer.TypeName] = _count.GetValueOrDefault(layer.TypeName) + 1;
    }

    /// <summary>The resolved stack so far. Layers added later are not in it.</summary>
    /// <exception cref="AlexNetException">The stack is empty.</exception>
    public LayerPlan Plan() => _layers.Count > 0
        ? new LayerPlan(Input, _layers)
        : throw new AlexNetException($"The stack over {Input} has no layers; add at least one.");

    /// <inheritdoc/>
    public IEnumerator<Layer> GetEnumerator() => _layers.Select(planned => planned.Layer).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Activation ActivationOf(Layer layer) => layer switch
    {
        Conv2D conv => conv.Activation,
        Dense dense => dense.Activation,
        _ => Activation.Linear,
    };

    // Keras 2 (keras/backend.py, get_uid; keras/engine/base_layer.py, to_snake_case): MaxPooling2D -> max_pooling2d_1.
    private string AutomaticName(Layer layer) =>
        $"{WordStart().Replace(layer.TypeName, "_").ToLowerInvariant()}_{_count.GetValueOrDefault(layer.TypeName) + 1}";

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();
}
