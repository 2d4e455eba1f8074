using System.Text.Json;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>Puts the layers of a functional model in the order of its one path from input to output.</summary>
internal static class KerasChain
{
    /// <exception cref="AlexNetException">The model has a branch, a shared layer, or two inputs or outputs.</exception>
    public static KerasLayerConfig[] Order(JsonElement model, IReadOnlyList<KerasLayerConfig> layers)
    {
        if (layers.GroupBy(layer => layer.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw KerasJson.Fault($"has two layers called '{twice.Key}'");

        var input = End(model, "input_layers");
        var next = layers.Where(layer => layer.Name != input).ToDictionary(layer => layer, Before);
        var chain = new List<KerasLayerConfig>
        {
            layers.FirstOrDefault(layer => layer.Name == input) ?? throw KerasJson.Fault($"lacks its input '{input}'"),
        };
        if (chain[0].ClassName != "InputLayer")
            throw chain[0].Refused("is the model's input; it must be an InputLayer");

        while (next.Where(pair => pair.Value == chain[^1].Name).ToArray() is { Length: > 0 } after)
        {
            if (after.Length > 1)
                throw after[1].Key.Refused($"branches off '{chain[^1].Name}'; only a plain chain can be read");
            chain.Add(after[0].Key);
            next.Remove(after[0].Key);
        }

        if (next.Keys.FirstOrDefault() is { } apart)
            throw apart.Refused("is not on the chain from the input");
        return End(model, "output_layers") == chain[^1].Name
            ? [.. chain]
            : throw chain[^1].Refused("is the last layer, but not the model's output");
    }

    // [["name", 0, 0]] or, in Keras 3, ["name", 0, 0].
    private static string End(JsonElement model, string key)
    {
        if (model.TryGetProperty(key, out var ends)
            && ends.ValueKind == JsonValueKind.Array && ends.GetArrayLength() > 0)
        {
            if (ends[0].ValueKind == JsonValueKind.Array && ends.GetArrayLength() == 1)
                ends = ends[0];
            if (ends.GetArrayLength() > 0 && ends[0].ValueKind == JsonValueKind.String)
                return ends[0].GetString()!;
        }

        throw KerasJson.Fault($"has {key} other than one layer; only a plain chain can be read");
    }

    private static string Before(KerasLayerConfig layer)
    {
        var sources = new List<string>();
        if (layer.Entry.TryGetProperty("inbound_nodes", out var nodes) && nodes.ValueKind == JsonValueKind.Array
            && nodes.GetArrayLength() == 1)
        {
            Collect(nodes[0]);
        }

        return sources.Count == 1
            ? sources[0]
            : throw layer.Refused(
                $"takes {sources.Count} inputs or is called more than once; only a plain chain can be read");

        void Collect(JsonElement node)
        {
            if (node.ValueKind == JsonValueKind.Array && node.GetArrayLength() >= 3
                && node[0].ValueKind == JsonValueKind.String && node[1].ValueKind == JsonValueKind.Number)
            {
                sources.Add(node[0].GetString()!);
                RequireNoArguments(node.GetArrayLength() > 3 ? node[3] : default);
            }
            else if (node.ValueKind == JsonValueKind.Array)
            {
                foreach (var part in node.EnumerateArray())
                    Collect(part);
            }
            else if (KerasJson.Text(node, "class_name") == "__keras_tensor__"
                && node.TryGetProperty("config", out var config)
                && config.TryGetProperty("keras_history", out var history))
            {
                Collect(history);
            }
            else if (node.ValueKind == JsonValueKind.Object && node.TryGetProperty("args", out var arguments))
            {
                Collect(arguments);
                RequireNoArguments(node.TryGetProperty("kwargs", out var named) ? named : default);
            }
        }

        // Such as training=True, which keeps dropout at work.
        void RequireNoArguments(JsonElement arguments)
        {
            if (arguments.ValueKind != JsonValueKind.Object)
                return;
            foreach (var argument in arguments.EnumerateObject())
            {
                if (argument.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
                    throw layer.Refused($"is called with {argument.Name}, which is not known here");
            }
        }
    }
}
