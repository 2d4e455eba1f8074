using System.Text.Json.Nodes;

namespace MlNetAlexNet.Reports.Records;

/// <summary>The values of a JSON object by their names, those within others as <c>training.batchSize</c>.</summary>
internal static class JsonPairs
{
    /// <summary>All that are not null.</summary>
    public static IEnumerable<(string Name, string Value)> List(JsonNode? node, string prefix = "") => node switch
    {
        null => [],
        JsonObject group => group.SelectMany(member => List(member.Value, prefix == "" ? member.Key : $"{prefix}.{member.Key}")),
        JsonArray list when list.All(item => item is JsonValue) => [(prefix, string.Join(", ", list.Select(item => item!.ToString())))],
        JsonArray list => list.SelectMany((item, i) => List(item, FormattableString.Invariant($"{prefix}.{i + 1}"))),
        _ => [(prefix, node.ToString())],
    };
}
