using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>A layer as one writes it in Python, <c>Class(setting=value, ...)</c>, or as Keras' JSON.</summary>
internal static partial class KerasLayerText
{
    // What the layer will be given is not known; no setting that can be said here asks for it.
    private static readonly TensorShape s_anyPicture = TensorShape.Image(1, 1, 1);

    public static Layer Parse(string text)
    {
        using var json = KerasJson.Parse(Encoding.UTF8.GetBytes(text.TrimStart().StartsWith('{') ? text : ToJson(text)));
        try
        {
            var config = new KerasLayerConfig(json.RootElement, models: []);
            return config.ClassName == "Identity" ? new ActivationLayer(Activation.Linear)
                : KerasLayers.ReadOwn(config, s_anyPicture) is [var layer] ? layer
                : throw new AlexNetException(
                    $"'{text}' is no one layer here. Give one that is, or Identity for what does nothing in scoring.");
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException or OverflowException)
        {
            throw Unreadable(text, fault);
        }
    }

    private static string ToJson(string text)
    {
        var call = Call().Match(text);
        var settings = call.Groups["settings"].Value;
        var config = new JsonObject();
        var read = 0;
        for (var setting = Setting().Match(settings); setting.Success; setting = setting.NextMatch())
        {
            config[setting.Groups["key"].Value] = Value(setting.Groups["value"].Value.Trim(), text);
            read = setting.Index + setting.Length;
        }

        return call.Success && string.IsNullOrWhiteSpace(settings[read..])
            ? new JsonObject { ["class_name"] = call.Groups["class"].Value, ["config"] = config }.ToJsonString()
            : throw Unreadable(text);
    }

    private static JsonNode? Value(string python, string text) => python switch
    {
        "None" or "null" => null,
        "True" or "true" => true,
        "False" or "false" => false,
        ['(' or '[', .., ')' or ']'] => new JsonArray(
            [.. python[1..^1].TrimEnd(' ', ',').Split(',').Select(item => Value(item.Trim(), text))]),
        ['\'' or '"', .., '\'' or '"'] => python[1..^1],
        _ when int.TryParse(python, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when double.TryParse(python, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) => number,
        _ => throw Unreadable(text),
    };

    private static AlexNetException Unreadable(string text, Exception? fault = null) => new(
        $"'{text}' is no layer. Write LocalResponseNormalization(depth_radius=2, bias=1, alpha=1e-4, beta=0.75), "
        + "LeakyReLU(negative_slope=0.1), Identity and the like.",
        fault!);

    [GeneratedRegex(
        """^\s*(?<class>\w+)\s*(\((?<settings>.*)\))?\s*$""", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Call();

    [GeneratedRegex(
        """\G\s*(?<key>\w+)\s*=\s*(?<value>\([^)]*\)|\[[^\]]*\]|'[^']*'|"[^"]*"|[^,()\[\]'"]+?)\s*(,|$)""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Setting();
}
