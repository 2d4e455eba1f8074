using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats;

/// <summary>Layers and weights that take the places of a network's own.</summary>
internal sealed class NetworkChanges(LayerPlan plan, WeightSet weights)
{
    private readonly Dictionary<string, Layer?> _layers = [];
    private readonly Dictionary<string, Weight> _weights = new(weights);

    /// <summary>Gives a layer another kernel and another bias, made of its own; where it has no bias, of zeros.</summary>
    public void Change(PlannedLayer layer, Func<float[], float[], (float[] Kernel, float[] Bias)> make)
    {
        var (kernelKey, biasKey) = ($"{layer.Name}/kernel", $"{layer.Name}/bias");
        var kernel = _weights[kernelKey];
        var bias = _weights.GetValueOrDefault(biasKey) ?? new Weight([kernel.Dimensions[0]], new float[kernel.Dimensions[0]]);
        var made = make(kernel.Values, bias.Values);
        _weights[kernelKey] = kernel with { Values = made.Kernel };
        _weights[biasKey] = bias with { Values = made.Bias };
        _layers[layer.Name] = (WeightedLayer)layer.Layer with { UseBias = true };
    }

    /// <summary>Gives a layer that was changed an activation.</summary>
    public void Activate(PlannedLayer layer, Activation activation) =>
        _layers[layer.Name] = (WeightedLayer)_layers[layer.Name]! with { Activation = activation };

    /// <summary>Leaves a layer out.</summary>
    public void Drop(PlannedLayer layer)
    {
        _layers[layer.Name] = null;
        foreach (var weight in layer.Weights)
            _weights.Remove(layer.GetWeightName(weight));
    }

    /// <summary>The changed network.</summary>
    public (LayerPlan Plan, WeightSet Weights) Make() => (
        plan.Rewrite(layer => _layers.TryGetValue(layer.Name, out var other) ? other : layer.Layer),
        new WeightSet(_weights));
}
