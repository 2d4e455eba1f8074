using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MlNetAlexNet.Layers;

/// <summary>One weight: its dimensions and its values in row-major order.</summary>
public sealed record Weight(IReadOnlyList<int> Dimensions, float[] Values);

/// <summary>
/// The trained values of a stack by <c>layer/kernel</c>, <c>layer/bias</c> and the like: the one neutral form between engines and
/// file formats. Dimensions are in the order of Torch and ONNX: a convolution's kernel is filters x channels x height x
/// width, a dense kernel is units x inputs, and a dense layer after <see cref="Flatten"/> sees channels first, then
/// rows, then columns.
/// </summary>
public sealed class WeightSet : IReadOnlyDictionary<string, Weight>
{
    private readonly Dictionary<string, Weight> _weights;

    /// <summary>Takes the weights as they are; <see cref="RequireFit"/> tells whether they fit a stack.</summary>
    public WeightSet(IEnumerable<KeyValuePair<string, Weight>> weights) => _weights = new(weights);

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _weights.Keys;

    /// <inheritdoc/>
    public IEnumerable<Weight> Values => _weights.Values;

    /// <inheritdoc/>
    public int Count => _weights.Count;

    /// <inheritdoc/>
    public Weight this[string key] => _weights[key];

    /// <summary>
    /// Checks that the set holds exactly the weights of <paramref name="plan"/>, and numbers that it can be computed with.
    /// </summary>
    /// <exception cref="AlexNetException">
    /// One is missing, superfluous, of other dimensions, or has a value that is NaN or infinite; the message names it.
    /// </exception>
    public void RequireFit(LayerPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var expected = plan.Weights.ToDictionary(weight => weight.Key, weight => weight.Shape);
        foreach (var (key, shape) in expected)
        {
            if (!_weights.TryGetValue(key, out var weight))
            {
                throw new AlexNetException(
                    $"The weights lack '{key}' ({Sides(shape.Dimensions)}), which the stack needs.");
            }

            if (!weight.Dimensions.SequenceEqual(shape.Dimensions) || weight.Values.LongLength != shape.Elements)
            {
                throw new AlexNetException(
                    $"Weight '{key}' is {Sides(weight.Dimensions)} with {weight.Values.LongLength} values; " +
                    $"the stack needs {Sides(shape.Dimensions)}.");
            }

            FiniteNumbers.Require($"Weight '{key}'", weight.Values);
        }

        foreach (var planned in plan)
        {
            if (planned.Layer is BatchNormalization { Epsilon: var epsilon }
                && _weights[$"{planned.Name}/moving_variance"].Values.Any(variance => variance + epsilon <= 0))
            {
                throw new AlexNetException(
                    $"Weight '{planned.Name}/moving_variance' has values that are no variances; they must not be negative.");
            }
        }

        if (_weights.Keys.FirstOrDefault(key => !expected.ContainsKey(key)) is { } extra)
        {
            throw new AlexNetException($"The weights hold '{extra}', which the stack does not have.");
        }
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _weights.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Weight value) =>
        _weights.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Weight>> GetEnumerator() => _weights.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Sides(IEnumerable<int> dimensions) => string.Join(" x ", dimensions);
}
