using System.Text.Json;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// <c>kernel_regularizer</c> as weight decay. Keras adds l2 x (sum of the squares of the kernel) to the loss, so that 2 l2 w is
/// added to the gradient of each weight w: a decay of 2 l2, coupled as SGD's is. Of l1 there is no such factor
/// (keras/src/regularizers/regularizers.py).
/// </summary>
internal static class KerasRegularizer
{
    private const double DefaultL2 = 0.01;

    /// <summary>2 l2; 0 where there is no regularizer; null for one that is more than l2.</summary>
    public static double? ReadDecay(JsonElement regularizer)
    {
        if (regularizer.ValueKind == JsonValueKind.Null)
            return 0;

        var name = (regularizer.ValueKind == JsonValueKind.String ? regularizer.GetString() : KerasJson.Text(regularizer, "class_name"))
            ?.ToUpperInvariant();
        var config = regularizer.ValueKind == JsonValueKind.Object && regularizer.TryGetProperty("config", out var inner) ? inner : default;
        var (l1, l2) = name switch
        {
            "L2" => (0, Number(config, "l2", DefaultL2)),
            "L1L2" when config.ValueKind == JsonValueKind.Object => (Number(config, "l1", 0), Number(config, "l2", 0)),
            _ => (null, null),
        };
        return l1 == 0 && l2 is >= 0 and < float.MaxValue ? 2 * l2 : null;
    }

    private static double? Number(JsonElement config, string key, double otherwise) =>
        config.ValueKind != JsonValueKind.Object || !config.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? otherwise
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : null;
}
