using System.Text.Json;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>Keras' JSON, element by element.</summary>
internal static class KerasJson
{
    // Keras nests some ten levels, and four more for each model in a model: layers, layer, config.
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 256 };

    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return JsonDocument.Parse(utf8, s_options);
        }
        catch (JsonException fault)
        {
            throw new AlexNetException($"The Keras configuration is no valid JSON: {fault.Message}", fault);
        }
    }

    /// <summary>A text of an object; null if it is not there or no text.</summary>
    public static string? Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Whether the element is a number that an <c>int</c> can hold.</summary>
    public static bool TryGetInt(this JsonElement element, out int number)
    {
        number = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out number);
    }

    /// <summary>The element as it stands in the file, shortened for a message.</summary>
    public static string Short(JsonElement element) =>
        element.GetRawText() is { Length: > 80 } text ? text[..80] + "..." : element.GetRawText();

    public static AlexNetException Fault(string what) => new(
        $"The Keras configuration {what}. Give what model.to_json() writes, of a Sequential model or a plain chain.");
}
