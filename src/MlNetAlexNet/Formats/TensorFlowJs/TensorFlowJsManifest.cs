using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetAlexNet.Formats.Keras;

namespace MlNetAlexNet.Formats.TensorFlowJs;

/// <summary>The parts of a <c>model.json</c>.</summary>
internal static class TensorFlowJsManifest
{
    /// <summary>Whether a text that begins so is a <c>model.json</c>, by the names in its outermost object.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> start)
    {
        try
        {
            var json = new Utf8JsonReader(start, isFinalBlock: false, state: default);
            while (json.Read())
            {
                if (json is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 }
                    && (json.ValueTextEquals("modelTopology"u8) || json.ValueTextEquals("weightsManifest"u8)))
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // No JSON.
        }

        return false;
    }

    /// <summary>The Keras configuration.</summary>
    public static JsonElement TopologyOf(JsonElement json, string file)
    {
        if (KerasJson.Text(json, "format") is { } format and not "layers-model")
            throw new AlexNetException($"'{file}' is a {format} of TensorFlow.js; only a layers-model can be read.");
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty("modelTopology", out var topology)
            ? topology
            : throw new AlexNetException($"'{file}' has no modelTopology; it is no model.json of TensorFlow.js.");
    }

    /// <summary>The groups of weights and their shards, all inside the model's folder.</summary>
    public static IReadOnlyList<TensorFlowJsGroup> Read(JsonElement json, string file)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            return
            [
                .. json.GetProperty("weightsManifest").EnumerateArray().Select(group => new TensorFlowJsGroup(
                    [.. group.GetProperty("paths").EnumerateArray().Select(path => Inside(folder, path.GetString()!))],
                    [.. group.GetProperty("weights").EnumerateArray().Select(Weight)])),
            ];
        }
        catch (Exception fault) when (fault is KeyNotFoundException or InvalidOperationException or FormatException
            or OverflowException or ArgumentException)
        {
            throw new AlexNetException($"The weightsManifest of '{file}' is damaged: {fault.Message}", fault);
        }
    }

    /// <summary>The text of a <c>model.json</c>.</summary>
    public static byte[] Write(KerasExpression model, IEnumerable<KerasVariable> variables, IEnumerable<string> shards)
    {
        var json = new JsonObject
        {
            ["format"] = "layers-model",
            ["generatedBy"] = $"keras v{KerasHdf5Writer.Keras2Version}",
            ["convertedBy"] = "MlNetAlexNet",
            ["modelTopology"] = new JsonObject
            {
                ["keras_version"] = KerasHdf5Writer.Keras2Version,
                ["backend"] = "tensorflow",
                ["model_config"] = KerasConfigWriter.Model(model, KerasDialect.Keras2),
            },
            ["weightsManifest"] = new JsonArray(new JsonObject
            {
                ["paths"] = new JsonArray([.. shards.Select(shard => (JsonNode)shard)]),
                ["weights"] = new JsonArray([.. variables.Select(variable => new JsonObject
                {
                    ["name"] = variable.ToString(),
                    ["shape"] = new JsonArray([.. variable.Dimensions.Select(side => (JsonNode)side)]),
                    ["dtype"] = "float32",
                })]),
            }),
        };
        return JsonSerializer.SerializeToUtf8Bytes(json);
    }

    private static TensorFlowJsWeight Weight(JsonElement weight)
    {
        var dimensions = weight.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32()).ToArray();
        var name = weight.GetProperty("name").GetString() ?? throw new FormatException("a weight has no name.");
        if (dimensions.Any(side => side < 0))
            throw new FormatException($"a side of '{name}' is below 0.");
        if (dimensions.Aggregate(1.0, (product, side) => product * side) > int.MaxValue)
            throw new FormatException($"'{name}' has more values than an array can hold.");
        return weight.TryGetProperty("quantization", out var quantization)
            ? new TensorFlowJsWeight(
                name, dimensions, quantization.GetProperty("dtype").GetString()!,
                quantization.TryGetProperty("scale", out var scale) ? scale.GetDouble() : 1,
                quantization.TryGetProperty("min", out var min) ? min.GetDouble() : 0)
            : new TensorFlowJsWeight(name, dimensions, weight.GetProperty("dtype").GetString()!, 1, 0);
    }

    // A shard is named relative to model.json and lies beside or below it.
    private static string Inside(string folder, string path)
    {
        var full = Path.GetFullPath(Path.Combine(folder, path));
        var inside = folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        return full.StartsWith(inside, StringComparison.Ordinal)
            ? full
            : throw new AlexNetException($"The shard '{path}' lies outside the model's folder; it must lie in it.");
    }
}
