using System.Text.Json;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>Keras' activations by name.</summary>
internal static class KerasActivation
{
    /// <summary>A name, or in Keras 3 an object around it; null for an unknown one.</summary>
    public static Activation? Parse(JsonElement value) => NameOf(value) switch
    {
        "linear" => Activation.Linear,
        "relu" => Activation.Relu,
        "softmax" => Activation.Softmax,
        _ => null,
    };

    public static string Name(Activation activation) => activation switch
    {
        Activation.Linear => "linear",
        Activation.Relu => "relu",
        Activation.Softmax => "softmax",
        _ => throw new NotSupportedException($"Keras has no name for the activation {activation}."),
    };

    private static string? NameOf(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString()
        : KerasJson.Text(value, "class_name") == "function" ? KerasJson.Text(value, "config") : null;
}
