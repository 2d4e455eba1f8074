using System.Text.Json;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>The layers of a Keras configuration in the order in which they run, and the input.</summary>
/// <param name="Input">The picture that goes in.</param>
/// <param name="Layers">Without the input layer.</param>
internal sealed record KerasTopology(TensorShape Input, IReadOnlyList<KerasLayerConfig> Layers)
{
    private const int MostLayers = 10_000;

    /// <summary>Reads what Keras 2, Keras 3 and TensorFlow.js write of a model.</summary>
    public static KerasTopology Read(JsonElement json)
    {
        var model = Unwrap(json);
        var entries = (model.ValueKind == JsonValueKind.Array ? model : model.GetProperty("layers"))
            .EnumerateArray().Take(MostLayers + 1).Select(entry => new KerasLayerConfig(entry)).ToArray();
        if (entries.Length is 0 or > MostLayers)
            throw KerasJson.Fault(entries.Length == 0 ? "has no layers" : $"has more than {MostLayers} layers");

        var chain = model.ValueKind == JsonValueKind.Object && model.TryGetProperty("input_layers", out _)
            ? KerasChain.Order(model, entries)
            : entries;
        var input = chain[0].InputShape() ?? BuildShape(model) ?? throw KerasJson.Fault("gives no input shape");
        if (chain[0].ClassName != "InputLayer")
            return new KerasTopology(input, chain);

        chain[0].Require("sparse", "False");
        chain[0].Require("ragged", "False");
        chain[0].Require("optional", "False");
        chain[0].RequireNothingElse();
        return new KerasTopology(input, chain[1..]);
    }

    // Down to the object, or in Keras before 2.2.3 the list, that has the layers.
    private static JsonElement Unwrap(JsonElement json)
    {
        foreach (var wrapper in (string[])["modelTopology", "model_config"])
        {
            if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty(wrapper, out var inner))
                json = inner;
        }

        if (KerasJson.Text(json, "class_name") is { } className)
        {
            if (className is not ("Sequential" or "Functional" or "Model")
                || KerasJson.Text(json, "registered_name") is not (null or "Functional" or "Sequential"))
            {
                throw KerasJson.Fault($"is of a {className} model; a model class of one's own is code");
            }

            if (!json.TryGetProperty("config", out json))
                throw KerasJson.Fault($"is a {className} model without a config");
        }

        return json.ValueKind == JsonValueKind.Array
            || (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("layers", out var layers)
                && layers.ValueKind == JsonValueKind.Array)
            ? json
            : throw KerasJson.Fault("has no list of layers");
    }

    // Keras 3 keeps the shape that a model without an input layer was built with.
    private static TensorShape? BuildShape(JsonElement model) =>
        model.ValueKind == JsonValueKind.Object && model.TryGetProperty("build_input_shape", out var shape)
        && shape.ValueKind == JsonValueKind.Array && shape.GetArrayLength() == 4
        && shape[1].TryGetInt(out var height) && shape[2].TryGetInt(out var width)
        && shape[3].TryGetInt(out var channels)
            ? TensorShape.Image(height, width, channels)
            : null;
}
