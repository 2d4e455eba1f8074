using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Completion;

/// <summary>The outputs of a network in another order, or more of them.</summary>
internal static class LastUnits
{
    /// <summary>Makes the network that gives the outputs chosen.</summary>
    /// <param name="plan">The stack.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="from">
    /// For each output of the new network the one of the old that it is; null for one that is 0 up to the last function.
    /// </param>
    /// <exception cref="AlexNetException">A layer behind the last one with a kernel mixes its outputs; it is named.</exception>
    public static (LayerPlan Plan, WeightSet Weights) Choose(LayerPlan plan, WeightSet weights, IReadOnlyList<int?> from)
    {
        var last = plan.LastOrDefault(planned => planned.Layer is WeightedLayer)
            ?? throw new AlexNetException("The network has no layer with a kernel whose outputs could be chosen from.");
        var end = plan.SkipWhile(planned => planned != last).ToHashSet();
        var chosen = plan.Rewrite(planned => end.Contains(planned) ? Change(planned, from) : planned.Layer);
        var shapes = end.SelectMany(planned => planned.Weights.Select(planned.GetWeightName)).ToHashSet();
        return (chosen, new WeightSet(weights.Select(weight => shapes.Contains(weight.Key)
            ? KeyValuePair.Create(weight.Key, Choose(weight.Key, weight.Value, from))
            : weight)));
    }

    private static Layer Change(PlannedLayer planned, IReadOnlyList<int?> from) => planned.Layer switch
    {
        WeightedLayer { Activation: Activation.Sigmoid } or ActivationLayer { Activation: Activation.Sigmoid }
            when from.Contains(null) => throw Refused(planned, "makes 0.5 of 0, so no output can stay 0 behind it"),
        Dense dense => dense with { Units = from.Count },
        Conv2D { Groups: 1 } conv => conv with { Filters = from.Count },
        Flatten when planned.Input is { Height: 1, Width: 1 } => planned.Layer,
        BatchNormalization or ActivationLayer or LeakyReLU or ELU or Dropout or ZeroPadding2D or Pooling2D
            or AdaptiveAveragePooling2D => planned.Layer,
        _ => throw Refused(planned, "mixes the outputs before it, so they cannot be told apart behind it"),
    };

    private static AlexNetException Refused(PlannedLayer planned, string why) =>
        new($"The layer '{planned.Name}' ({planned.Layer.TypeName}) {why}.");

    // Each row of a kernel, and each number of a vector, belongs to an output.
    private static Weight Choose(string key, Weight weight, IReadOnlyList<int?> from)
    {
        var row = weight.Values.Length / weight.Dimensions[0];
        var values = new float[from.Count * row];
        for (var i = 0; i < from.Count; i++)
        {
            var target = values.AsSpan(i * row, row);
            if (from[i] is { } source)
                weight.Values.AsSpan(source * row, row).CopyTo(target);
            else if (key.EndsWith("/gamma", StringComparison.Ordinal) || key.EndsWith("/moving_variance", StringComparison.Ordinal))
                target.Fill(1); // a normalization that leaves 0 as it is
        }

        return new Weight([from.Count, .. weight.Dimensions.Skip(1)], values);
    }
}
