using System.Text.Json;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Own;

/// <summary>What a scoring graph says of itself beside its nodes, to be had without parsing them.</summary>
internal static class OnnxMetadata
{
    private const string Classes = "classes";

    /// <summary>Notes the class names in the order of the scores, as a JSON array.</summary>
    public static void Write(ModelProto model, IEnumerable<string> classes) => model.MetadataProps.Add(
        new StringStringEntryProto { Key = Classes, Value = JsonSerializer.Serialize(classes) });

    /// <summary>The class names; null where none are noted.</summary>
    public static IReadOnlyList<string>? ReadClasses(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(Classes, out var json) ? JsonSerializer.Deserialize<string[]>(json) : null;
}
