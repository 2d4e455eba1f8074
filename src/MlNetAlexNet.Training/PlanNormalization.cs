using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Training;

/// <summary>Puts batch normalization between the layers of a stack and their activations.</summary>
internal static class PlanNormalization
{
    // PyTorch's: statistics follow the last ten batches, of which a few thousand pictures have few.
    private const double Momentum = 0.9;
    private const double Epsilon = 1e-5;
    private const string Suffix = "_normalization";

    /// <summary>
    /// The stack with a normalization behind every convolution and dense layer but the last, which then needs no bias
    /// (Ioffe and Szegedy 2015, section 3.2). One that has it already stays as it is. Folded, it is the stack again.
    /// </summary>
    /// <param name="plan">The stack.</param>
    /// <param name="frozen">Layers, from the first, that stay as they are. Default none.</param>
    public static LayerPlan WithBatchNormalization(this LayerPlan plan, int frozen = 0)
    {
        var last = plan.Last(planned => planned.Layer is WeightedLayer);
        var kept = plan.Take(frozen).ToHashSet();
        return plan.Rewrite(planned => planned.Layer is WeightedLayer layer && planned != last
            && !kept.Contains(planned) && !IsNormalized(plan, planned)
            ? Normalize(layer, planned.Name)
            : [planned.Layer]);
    }

    /// <summary>
    /// The weights of a stack for the one with normalizations that <see cref="WithBatchNormalization(LayerPlan, int)"/> made of
    /// it: these do nothing but add the biases until their statistics are measured.
    /// </summary>
    public static WeightSet WithBatchNormalization(this WeightSet weights, LayerPlan normalized)
    {
        return new(normalized.Weights.Select(weight => KeyValuePair.Create(
            weight.Key, weights.TryGetValue(weight.Key, out var known) ? known : Neutral(weight.Key, weight.Shape))));

        Weight Neutral(string key, WeightShape shape) => new(shape.Dimensions, shape.Name switch
        {
            "beta" when weights.TryGetValue(BiasOf(key), out var bias) => bias.Values,
            "gamma" => Repeat(1, shape),
            "moving_variance" => Repeat((float)(1 - Epsilon), shape),
            _ => Repeat(0, shape),
        });
    }

    private static IEnumerable<Layer> Normalize(WeightedLayer layer, string name) =>
    [
        layer with { Activation = Activation.Linear, UseBias = false },
        new BatchNormalization(Momentum, Epsilon) { Name = name + Suffix },
        .. layer.Activation == Activation.Linear
            ? Array.Empty<Layer>()
            : [new ActivationLayer(layer.Activation) { Name = $"{name}_activation" }],
    ];

    private static bool IsNormalized(LayerPlan plan, PlannedLayer planned) => plan
        .SkipWhile(layer => layer != planned).Skip(1).FirstOrDefault()?.Layer is BatchNormalization;

    // conv2d_1_normalization/beta is the bias of conv2d_1.
    private static string BiasOf(string key)
    {
        var layer = key[..key.LastIndexOf('/')];
        return $"{(layer.EndsWith(Suffix, StringComparison.Ordinal) ? layer[..^Suffix.Length] : layer)}/bias";
    }

    private static float[] Repeat(float value, WeightShape shape) => [.. Enumerable.Repeat(value, (int)shape.Elements)];
}
