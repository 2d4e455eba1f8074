using System.Text.Json;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Cli;

/// <summary>The values of <c>--custom-layer</c>: <c>NAME=LAYER</c>, or a JSON file of names and layers.</summary>
internal static class CustomLayerFlag
{
    /// <exception cref="AlexNetException">One is neither, or a layer that is not known.</exception>
    public static IReadOnlyDictionary<string, Layer> Parse(IEnumerable<string> values)
    {
        var layers = new Dictionary<string, Layer>();
        foreach (var (name, text) in values.SelectMany(Split))
        {
            if (!layers.TryAdd(name, KerasConfig.ParseLayer(text)))
                throw new AlexNetException($"--custom-layer says twice what '{name}' is; say it once.");
        }

        return layers;
    }

    private static IEnumerable<(string Name, string Layer)> Split(string value) =>
        value.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && !File.Exists(value)
            ? [(value[..at].Trim(), value[(at + 1)..])]
            : Path.Exists(value) ? ReadFile(value)
            : throw new AlexNetException($"--custom-layer '{value}' is neither NAME=LAYER nor a file.");

    private static List<(string Name, string Layer)> ReadFile(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(ModelFlags.ReadText(path, "layers"));
            return
            [
                .. json.RootElement.EnumerateObject().Select(layer => (
                    layer.Name,
                    layer.Value.ValueKind == JsonValueKind.String ? layer.Value.GetString()! : layer.Value.GetRawText())),
            ];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new AlexNetException(
                $"'{path}' is no JSON object of names and layers, such as {{\"LRN\": \"LocalResponseNormalization(size=5)\"}}: "
                + fault.Message,
                fault);
        }
    }
}
