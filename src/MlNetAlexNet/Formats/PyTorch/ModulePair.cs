using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>A layer and the module that holds its weights.</summary>
internal sealed record ModulePair(PlannedLayer Layer, TorchModule Module)
{
    /// <summary>A tensor of other sides than its weight, in words; null if there is none.</summary>
    public string? FindMismatch() => (
        from weight in Layer.Weights
        let tensor = Module.Find(weight.Name)
        where tensor is not null && !tensor.Dimensions.SequenceEqual(weight.Dimensions)
        select $"its tensor '{tensor.Name}' is {NamedTensor.Sides(tensor.Dimensions)}; the stack's "
            + $"{Layer.GetWeightName(weight)} is {NamedTensor.Sides(weight.Dimensions)}.").FirstOrDefault();

    /// <summary>What the layer needs and the module has not.</summary>
    public IEnumerable<WeightShape> ListMissing() =>
        Layer.Weights.Where(weight => Module.Find(weight.Name) is null && Standard(weight.Name) is null);

    /// <summary>What the module has and the layer has no place for.</summary>
    public IEnumerable<NamedTensor> ListSuperfluous() =>
        ListOthers().Where(tensor => Layer.Layer is not BatchNormalization || Standard(tensor) is null);

    /// <summary>The weights by our keys. What batch normalization lacks on either side must be what it is without.</summary>
    /// <exception cref="AlexNetException">A tensor cannot be read, or is not what the layer takes for granted.</exception>
    public IEnumerable<KeyValuePair<string, Weight>> LoadWeights()
    {
        foreach (var tensor in ListOthers())
        {
            if (Standard(tensor) is not { } standard || !Array.TrueForAll(tensor.ToWeight().Values, value => value == standard))
                throw new AlexNetException($"it holds what the stack does not have: {tensor}.");
        }

        return Layer.Weights.Select(weight => KeyValuePair.Create(
            Layer.GetWeightName(weight),
            Module.Find(weight.Name)?.ToWeight() ?? new Weight(weight.Dimensions, Repeat(weight))));
    }

    private IEnumerable<NamedTensor> ListOthers() =>
        Module.Tensors.Where(tensor => Layer.Weights.All(weight => Module.Find(weight.Name) != tensor));

    private static float[] Repeat(WeightShape weight)
    {
        var values = new float[weight.Elements];
        Array.Fill(values, Standard(weight.Name) ?? 0);
        return values;
    }

    private float? Standard(NamedTensor tensor) =>
        tensor == Module.Find("gamma") ? Standard("gamma") : tensor == Module.Find("beta") ? Standard("beta") : null;

    // BatchNorm2d(affine=False), and Keras' center and scale.
    private static float? Standard(string weight) => weight switch
    {
        "gamma" => 1,
        "beta" => 0,
        _ => null,
    };
}
