using System.Text.Json;
using System.Text.Json.Nodes;
using PureHDF;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>What an HDF5 file holds, a line an object or attribute, sorted.</summary>
internal static class Hdf5Outline
{
    /// <summary>Attributes with their texts; datasets with type, layout, dimensions and a hash of their values. Optimizer state is left out.</summary>
    public static IReadOnlyList<string> Of(Stream stream)
    {
        using var file = H5File.Open(stream, leaveOpen: true);
        return [.. Lines(file, "").Order(StringComparer.Ordinal)];
    }

    /// <summary>The configuration without what we cannot know: names of model and input, initializers.</summary>
    public static string Comparable(string configuration)
    {
        var json = JsonNode.Parse(configuration)!;
        json["config"]!["name"] = "";
        json.AsObject().Remove("compile_config");
        Strip(json);
        return json.ToJsonString();
    }

    private static IEnumerable<string> Lines(IH5Group group, string path)
    {
        foreach (var attribute in group.Attributes())
            yield return $"{path}@{attribute.Name} {attribute.Type.Class} {attribute.Space.Type} = {Value(attribute)}";
        foreach (var child in group.Children().Where(child => !child.Name.StartsWith("optimizer", StringComparison.Ordinal)))
        {
            if (child is IH5Group inner)
            {
                yield return $"{path}/{child.Name}/";
                foreach (var line in Lines(inner, $"{path}/{child.Name}"))
                    yield return line;
            }
            else if (child is IH5Dataset dataset)
            {
                var sides = string.Join(" x ", dataset.Space.Dimensions);
                var hash = new HashCode();
                foreach (var value in dataset.Read<float[]>())
                    hash.Add(value);
                yield return $"{path}/{child.Name} {dataset.Type.Class} {dataset.Type.Size} {dataset.Layout.Class} {sides} {hash.ToHashCode()}";
            }
        }
    }

    private static string Value(IH5Attribute attribute) =>
        attribute.Space.Type == H5DataspaceType.Scalar ? Text(attribute)
        : attribute.Type.Class == H5DataTypeClass.FloatingPoint ? $"{attribute.Type.Size} x {string.Join(" x ", attribute.Space.Dimensions)}"
        : string.Join(", ", attribute.Read<string[]>());

    private static string Text(IH5Attribute attribute)
    {
        var text = attribute.Read<string>();
        return attribute.Name == "model_config" ? Comparable(text) : text;
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
                Strip(item);
        }
        else if (node is JsonObject json)
        {
            if ((string?)json["class_name"] == "InputLayer")
                json["config"]!["name"] = "";
            foreach (var key in json.Select(property => property.Key).ToArray())
            {
                // Keras 3.15's own: shared_object_id is an address in memory, the others are null.
                if (key.EndsWith("_initializer", StringComparison.Ordinal) || key is "shared_object_id" or "quantization_config")
                    json.Remove(key);
                else if (json[key] is JsonValue value && value.GetValueKind() == JsonValueKind.Number)
                    json[key] = value.GetValue<double>(); // 1e-05 and 1E-05
                else
                    Strip(json[key]);
            }
        }
    }
}
