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
    /// <summary>
    /// Reads an architecture without weights. Models inside the model are unrolled; what does nothing to a picture that is
    /// scored is left out, and so are <c>Rescaling</c> and <c>Normalization</c> before the first layer: how values are
    /// normalized is said beside a stack here.
    /// </summary>
    /// <param name="json">
    /// The configuration. Two layers that Keras lacks may be in it: <c>LocalResponseNormalization</c> with <c>size</c>,
    /// <c>alpha</c>, <c>beta</c> and <c>k</c> as ours has them, or with TensorFlow's <c>depth_radius</c>, <c>bias</c>,
    /// <c>alpha</c> and <c>beta</c>; and <c>AdaptiveAveragePooling2D</c> with <c>output_size</c>.
    /// </param>
    /// <param name="customLayers">
    /// What layers of the user's own compute, by class or name; see <see cref="ParseLayer"/>. Default: there are none.
    /// </param>
    /// <exception cref="AlexNetException">
    /// It is no such JSON, or has a layer or a setting that this library does not know; the message names the layer.
    /// </exception>
    public static Sequential Parse(string json, IReadOnlyDictionary<string, Layer>? customLayers = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var document = KerasJson.Parse(Encoding.UTF8.GetBytes(json));
        var plan = Read(document.RootElement, KerasLayers.ReadOwn, customLayers ?? new Dictionary<string, Layer>()).Plan;
        return new Sequential(plan.Input, plan.Select(layer => layer.Layer));
    }

    /// <summary>
    /// Reads a layer as one writes it in Python: <c>LeakyReLU(negative_slope=0.1)</c>, for what a layer of the user's own
    /// computes, of which a file has the name alone.
    /// </summary>
    /// <param name="text">
    /// A layer of Keras, or <c>LocalResponseNormalization(depth_radius=2, bias=1, alpha=1e-4, beta=0.75)</c> in the words of
    /// <c>tf.nn.local_response_normalization</c>, or <c>Identity</c> for what does nothing to a picture that is scored. It
    /// may be the JSON of Keras' <c>serialize</c> as well.
    /// </param>
    /// <returns>The layer without a name; <c>Identity</c> is an <see cref="ActivationLayer"/> that is linear.</returns>
    /// <exception cref="AlexNetException">It is no such text, or a layer or a setting that is not known.</exception>
    public static Layer ParseLayer(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return KerasLayerText.Parse(text);
    }

    /// <summary>Reads an architecture without weights from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="customLayers">As in <see cref="Parse"/>.</param>
    /// <exception cref="AlexNetException">The file cannot be read, or as <see cref="Parse"/>; the message names it.</exception>
    public static Sequential ReadFile(string path, IReadOnlyDictionary<string, Layer>? customLayers = null) =>
        FileReading.Read(path, "a Keras configuration", file =>
        {
            using var reader = new StreamReader(file);
            return Parse(reader.ReadToEnd(), customLayers);
        });

    /// <summary><see cref="Parse"/> with what the configuration says of a training.</summary>
    internal static (LayerPlan Plan, TrainingSettings Training) ParseForTraining(string json)
    {
        using var document = KerasJson.Parse(Encoding.UTF8.GetBytes(json));
        var architecture = Read(document.RootElement, KerasLayers.ReadOwn, new Dictionary<string, Layer>());
        string[] scalings = [.. architecture.Scalings.Select(scaling => $"{scaling.Place.Name} (the pictures' own mean and deviation are taken)")];
        return (architecture.Plan, new TrainingSettings(architecture.KernelDecays, [.. scalings, .. architecture.Ignored, .. architecture.Initializers]));
    }

    /// <summary>Writes a stack as <c>model.to_json()</c> of Keras 3 does.</summary>
    /// <param name="plan">The stack.</param>
    /// <exception cref="AlexNetException">A layer has no counterpart in Keras; the message names it.</exception>
    public static string ToJson(LayerPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return KerasConfigWriter.Model(new KerasExpression(KerasExport.Express(plan)), KerasDialect.Keras3).ToJsonString();
    }

    /// <summary>What the layers before the network do to values, for weights that lie in another framework's file.</summary>
    /// <exception cref="AlexNetException">One has its numbers in Keras' own files of weights.</exception>
    internal static ValueNormalization? ReadNormalization(string json, IReadOnlyDictionary<string, Layer> customLayers)
    {
        using var document = KerasJson.Parse(Encoding.UTF8.GetBytes(json));
        var architecture = Read(document.RootElement, KerasLayers.ReadOwn, customLayers);
        return KerasNormalization.Compose(
            architecture.Scalings,
            scaling => scaling.Variables.Count == 0 ? [] : throw new AlexNetException(
                $"The Keras layer '{scaling.Place.Name}' has its mean and variance in a file of Keras, not in the configuration. "
                + "Give it mean and variance."),
            architecture.Plan.Input.Channels);
    }

    /// <summary>Reads an architecture with all that is needed to find its weights.</summary>
    internal static KerasArchitecture Read(
        ReadOnlyMemory<byte> utf8, IReadOnlyDictionary<string, Layer> customLayers)
    {
        using var json = KerasJson.Parse(utf8);
        return Read(json.RootElement, KerasLayers.Read, customLayers);
    }

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte}, IReadOnlyDictionary{string, Layer})"/>
    /// <param name="json">The configuration.</param>
    /// <param name="layersOf">Reads a layer.</param>
    /// <param name="customLayers">Layers of the user's own.</param>
    internal static KerasArchitecture Read(
        JsonElement json,
        Func<KerasLayerConfig, TensorShape, IReadOnlyList<Layer>> layersOf,
        IReadOnlyDictionary<string, Layer> customLayers)
    {
        try
        {
            return KerasStack.Read(KerasTopology.Read(json), layersOf, customLayers);
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException or OverflowException)
        {
            // Elements of another kind than Keras writes, or text that is no Unicode.
            throw new AlexNetException($"The Keras configuration is damaged: {fault.Message}", fault);
        }
    }
}
