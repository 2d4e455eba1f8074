using System.Text;
using System.Text.Json;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// A stack as Keras writes it down: the JSON of <c>model.to_json()</c> or <c>model.get_config()</c>, of Keras 2, Keras
/// 3 or TensorFlow.js, for a <c>Sequential</c> model or a functional one that is a plain chain.
/// </summary>
public static class KerasConfig
{
    /// <summary>Reads an architecture without weights.</summary>
    /// <param name="json">
    /// The configuration. Two layers that Keras lacks may be in it by our names: <c>LocalResponseNormalization</c> with
    /// <c>size</c>, <c>alpha</c>, <c>beta</c> and <c>k</c>, and <c>AdaptiveAveragePooling2D</c> with <c>output_size</c>.
    /// </param>
    /// <exception cref="AlexNetException">
    /// It is no such JSON, or has a layer or a setting that this library does not know; the message names the layer.
    /// </exception>
    public static Sequential Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var document = KerasJson.Parse(Encoding.UTF8.GetBytes(json));
        var architecture = Read(document.RootElement, KerasLayers.ReadOwn);
        if (architecture.Weighted.Select(layer => layer.Normalization).OfType<KerasNormalization>().FirstOrDefault()
            is { } found)
        {
            throw new AlexNetException(
                $"The Keras layer '{found.Name}' (BatchNormalization) can only be worked into the layer before it " +
                "when a file with its weights is imported; take it out to train.");
        }

        return new Sequential(architecture.Plan.Input, architecture.Plan.Select(layer => layer.Layer));
    }

    /// <summary>Reads an architecture without weights from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="AlexNetException">The file cannot be read, or as <see cref="Parse"/>; the message names it.</exception>
    public static Sequential ReadFile(string path) => FileReading.Read(path, "a Keras configuration", file =>
    {
        using var reader = new StreamReader(file);
        return Parse(reader.ReadToEnd());
    });

    /// <summary>Writes a stack as <c>model.to_json()</c> of Keras 3 does.</summary>
    /// <param name="plan">The stack.</param>
    /// <exception cref="AlexNetException">A layer has no counterpart in Keras; the message names it.</exception>
    public static string ToJson(LayerPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return KerasConfigWriter.Model(KerasExport.Express(plan), KerasDialect.Keras3).ToJsonString();
    }

    /// <summary>Reads an architecture with all that is needed to find its weights.</summary>
    internal static KerasArchitecture Read(ReadOnlyMemory<byte> utf8)
    {
        using var json = KerasJson.Parse(utf8);
        return Read(json.RootElement, KerasLayers.Read);
    }

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte})"/>
    /// <param name="json">The configuration.</param>
    /// <param name="layer">Reads a layer.</param>
    internal static KerasArchitecture Read(JsonElement json, Func<KerasLayerConfig, IReadOnlyList<Layer>> layer)
    {
        try
        {
            return KerasStack.Read(KerasTopology.Read(json), layer);
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException or OverflowException)
        {
            // Elements of another kind than Keras writes, or text that is no Unicode.
            throw new AlexNetException($"The Keras configuration is damaged: {fault.Message}", fault);
        }
    }
}
