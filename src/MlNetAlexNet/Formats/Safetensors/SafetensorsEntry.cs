using System.Text.Json;

namespace MlNetAlexNet.Formats.Safetensors;

/// <summary>One tensor in the table: <c>"name": {"dtype": "F32", "shape": [8, 3], "data_offsets": [0, 96]}</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Format">How its numbers are kept.</param>
/// <param name="Dimensions">Its sides.</param>
/// <param name="Begin">Its first byte after the table.</param>
/// <param name="End">The byte after its last.</param>
internal sealed record SafetensorsEntry(string Name, NumberFormat Format, int[] Dimensions, long Begin, long End)
{
    public long Count => (End - Begin) / Format.Bytes;

    public static SafetensorsEntry Read(JsonProperty entry, IReadOnlyDictionary<string, NumberFormat> formats)
    {
        var name = entry.Name;
        if (Part(entry, "dtype").ToString() is var type && !formats.TryGetValue(type, out var format))
            throw new AlexNetException($"its tensor '{name}' is of the type '{type}', which is not read.");

        var dimensions = Numbers(entry, "shape");
        if (Numbers(entry, "data_offsets") is not [var begin, var end] || end < begin)
            throw new AlexNetException($"its tensor '{name}' has no beginning and end.");

        long count = 1;
        foreach (var side in dimensions)
            count = side <= Array.MaxLength && count <= Array.MaxLength ? count * side : long.MaxValue;

        if (count > Array.MaxLength || count * format!.Bytes != end - begin)
        {
            throw new AlexNetException(
                $"its tensor '{name}' of {string.Join(" x ", dimensions)} {type} does not fill bytes {begin} to {end}.");
        }

        return new SafetensorsEntry(name, format, [.. dimensions.Select(side => (int)side)], begin, end);
    }

    private static long[] Numbers(JsonProperty entry, string part)
    {
        var list = Part(entry, part);
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(number => !IsCount(number)))
            throw new AlexNetException($"its tensor '{entry.Name}' has a '{part}' that is no list of numbers from 0.");

        return [.. list.EnumerateArray().Select(number => number.GetInt64())];
    }

    private static bool IsCount(JsonElement number) =>
        number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) && value >= 0;

    private static JsonElement Part(JsonProperty entry, string part) =>
        entry.Value.ValueKind == JsonValueKind.Object && entry.Value.TryGetProperty(part, out var value)
            ? value
            : throw new AlexNetException($"its tensor '{entry.Name}' has no '{part}'.");
}
