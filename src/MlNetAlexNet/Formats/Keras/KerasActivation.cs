using System.Text.Json;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>Keras' activations by name.</summary>
internal static class KerasActivation
{
    /// <summary>The names that are read.</summary>
    public const string Known = "linear, relu, softmax, sigmoid, tanh, elu or leaky_relu";

    private const double LeakySlope = 0.2; // keras.activations.leaky_relu, unlike the layer's

    /// <summary>
    /// As a layer, of a name, an object around it (Keras 3) or a layer in its place; null for an unknown one.
    /// </summary>
    /// <param name="value">What a configuration has.</param>
    /// <param name="place">The layer that it is the activation of.</param>
    public static Layer? Parse(JsonElement value, KerasPlace place) => NameOf(value) switch
    {
        "linear" => new ActivationLayer(Activation.Linear),
        "relu" => new ActivationLayer(Activation.Relu),
        "softmax" => new ActivationLayer(Activation.Softmax),
        "sigmoid" => new ActivationLayer(Activation.Sigmoid),
        "tanh" => new ActivationLayer(Activation.Tanh),
        "elu" => new ActivationLayer(Activation.Elu),
        "leaky_relu" => new LeakyReLU(LeakySlope),
        "ReLU" or "LeakyReLU" or "ELU" or "Softmax" when value.ValueKind == JsonValueKind.Object =>
            new KerasLayerConfig(value, models: []).At(place) is { Stranger: null } config ? Inner(config) : null,
        _ => null,
    };

    public static string Name(Activation activation) => activation switch
    {
        Activation.Linear => "linear",
        Activation.Relu => "relu",
        Activation.Softmax => "softmax",
        Activation.Sigmoid => "sigmoid",
        Activation.Tanh => "tanh",
        Activation.Elu => "elu",
        _ => throw new NotSupportedException($"Keras has no name for the activation {activation}."),
    };

    private static Layer Inner(KerasLayerConfig config)
    {
        var layer = KerasLayers.ReadActivation(config);
        config.RequireNothingElse();
        return layer;
    }

    private static string? NameOf(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString()
        : KerasJson.Text(value, "class_name") is var name && name == "function" ? KerasJson.Text(value, "config") : name;
}
