using System.Text.Json.Nodes;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>A model in the layers that Keras has (<see cref="KerasExport"/>), as it is written.</summary>
/// <param name="Plan">The stack.</param>
internal sealed record KerasExpression(LayerPlan Plan)
{
    /// <summary>What a layer before the stack does to values from 0 to 255. Default null: there is none.</summary>
    public ValueNormalization? Normalization { get; init; }

    /// <summary>
    /// Every layer in order, the <c>Rescaling</c> that normalizes included: its name and class, and its row in the plan.
    /// </summary>
    public IEnumerable<(string Name, string ClassName, PlannedLayer? Planned)> Layers =>
    [
        .. Normalization is null
            ? Array.Empty<(string, string, PlannedLayer?)>()
            : [(RescalingName, "Rescaling", null)],
        .. Plan.Select(layer => (layer.Name, layer.Layer.TypeName, (PlannedLayer?)layer)),
    ];

    /// <summary>
    /// The settings of the <c>Rescaling</c>: (x - mean) / deviation as x scale + offset, a number for each channel where
    /// they differ. Keras' own EfficientNet has lists there, and TensorFlow.js, which has no <c>Normalization</c>, takes
    /// them, too.
    /// </summary>
    public IEnumerable<(string Key, JsonNode? Value)> Rescaling
    {
        get
        {
            var (mean, deviation) = (Normalization!.Mean, Normalization.StandardDeviation);
            yield return ("scale", Numbers([.. deviation.Select(d => 1.0 / d)]));
            yield return ("offset", Numbers([.. mean.Zip(deviation, (m, d) => m == 0 ? 0 : -(double)m / d)]));
        }
    }

    private string RescalingName
    {
        get
        {
            var name = "rescaling";
            while (Plan.Any(layer => layer.Name == name))
                name += "_";
            return name;
        }
    }

    private static JsonNode Numbers(double[] numbers) =>
        numbers.Distinct().Count() == 1 ? numbers[0] : new JsonArray([.. numbers.Select(number => (JsonNode)number)]);
}
