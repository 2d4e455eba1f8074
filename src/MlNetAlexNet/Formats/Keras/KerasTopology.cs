using System.Text.Json;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// The layers of a Keras configuration in the order in which they run, those of models inside the model in its place,
/// and the input.
/// </summary>
/// <param name="Input">The picture that goes in; null if the first layer, a <c>Resizing</c>, takes every size.</param>
/// <param name="Channels">Of the picture that goes in.</param>
/// <param name="Layers">Without input layers.</param>
internal sealed record KerasTopology(TensorShape? Input, int Channels, IReadOnlyList<KerasLayerConfig> Layers)
{
    private const int MostLayers = 10_000;

    /// <summary>Reads what Keras 2, Keras 3 and TensorFlow.js write of a model.</summary>
    public static KerasTopology Read(JsonElement json)
    {
        var model = Unwrap(json);
        var layers = Unroll(model, models: [], group: "").Take(MostLayers + 1).ToArray();
        if (layers.Length is 0 or > MostLayers)
            throw KerasJson.Fault(layers.Length == 0 ? "has no layers" : $"has more than {MostLayers} layers");

        // A model's own shape, or that of the first layer in a model that stands first.
        var shapes = layers.TakeWhile(layer => layer.IsInput).Append(layers.FirstOrDefault(layer => !layer.IsInput))
            .Select(layer => layer?.InputShape()).Append(BuildShape(model)).OfType<KerasInputShape>().ToArray();
        var input = shapes.FirstOrDefault(shape => shape.ToTensorShape() is not null) ?? shapes.FirstOrDefault()
            ?? throw KerasJson.Fault("gives no input shape");
        foreach (var layer in layers.Where(layer => layer.IsInput))
            layer.RequirePlainInput();
        return new KerasTopology(
            input.ToTensorShape(), input.Channels, [.. layers.Where(layer => !layer.IsInput)]);
    }

    private static IEnumerable<KerasLayerConfig> Unroll(JsonElement model, IReadOnlyList<string> models, string group)
    {
        var slots = new KerasSlots();
        var entries = (model.ValueKind == JsonValueKind.Array ? model : model.GetProperty("layers"))
            .EnumerateArray().Take(MostLayers + 1).Select(entry => new KerasLayerConfig(entry, models)).ToArray();
        var chain = model.ValueKind == JsonValueKind.Object && model.TryGetProperty("input_layers", out _)
            ? KerasChain.Order(model, entries)
            : entries;
        foreach (var layer in chain)
        {
            var place = layer.Place with { Group = slots.NextGroup(group, layer.ClassName) };
            if (!IsModel(layer.ClassName))
            {
                yield return layer.At(place);
                continue;
            }

            foreach (var inner in Unroll(Unwrap(layer.Entry), [.. models, layer.Name], place.Group))
                yield return inner;
        }
    }

    private static bool IsModel(string className) => className is "Sequential" or "Functional" or "Model";

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
            if (!IsModel(className)
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
    private static KerasInputShape? BuildShape(JsonElement model) =>
        model.ValueKind == JsonValueKind.Object && model.TryGetProperty("build_input_shape", out var shape)
            ? KerasInputShape.Parse(shape)
            : null;
}
