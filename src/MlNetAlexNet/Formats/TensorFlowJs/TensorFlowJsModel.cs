using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.TensorFlowJs;

/// <summary>
/// A layers model of TensorFlow.js: <c>model.json</c> with the Keras configuration, and the weights in shards beside
/// it.
/// </summary>
public static class TensorFlowJsModel
{
    private const string ModelFile = "model.json";
    private const long MostJsonBytes = 64 << 20;

    /// <summary>
    /// Reads architecture and weights as <see cref="KerasFile.Read"/> does; weights stored in 8 or 16 bits become 32-bit
    /// floats.
    /// </summary>
    /// <param name="path">The <c>model.json</c>, or the folder that it is in.</param>
    /// <param name="customLayers">
    /// What layers of the user's own compute, by class or name; see <see cref="KerasConfig.ParseLayer"/>. Default: there
    /// are none.
    /// </param>
    /// <exception cref="AlexNetException">
    /// A file is missing, cut short or outside the folder, or the model has a layer that this library does not know;
    /// the message names it.
    /// </exception>
    public static ModelFileContent Read(string path, IReadOnlyDictionary<string, Layer>? customLayers = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = Directory.Exists(path) ? Path.Combine(path, ModelFile) : path;
        return FileReading.Read(file, "a model of TensorFlow.js", () =>
        {
            if (new FileInfo(file).Length > MostJsonBytes)
                throw new AlexNetException($"'{file}' is larger than {MostJsonBytes} bytes; a model.json is not.");
            using var json = KerasJson.Parse(File.ReadAllBytes(file));
            var architecture = KerasConfig.Read(
                TensorFlowJsManifest.TopologyOf(json.RootElement, file),
                KerasLayers.Read,
                customLayers ?? new Dictionary<string, Layer>());
            using var variables = new TensorFlowJsVariables(TensorFlowJsManifest.Read(json.RootElement, file));
            var model = KerasWeights.Read(architecture, variables);
            string[] training = json.RootElement.TryGetProperty("trainingConfig", out _) ? ["trainingConfig"] : [];
            return model with { Ignored = [.. model.Ignored, .. training, .. variables.Unread] };
        });
    }

    /// <summary>
    /// Writes a stack and its weights as tensorflowjs_converter does: 32-bit floats in shards of 4 MB. TensorFlow.js
    /// has no grouped convolution, so that one is written over all channels, with zeros between its groups.
    /// </summary>
    /// <param name="plan">The stack.</param>
    /// <param name="weights">Exactly its weights.</param>
    /// <param name="path">
    /// The <c>model.json</c>, or the folder for it, which is made if need be. The shards of <c>NAME.json</c> begin with
    /// <c>NAME-</c>, so that a folder can hold several models.
    /// </param>
    /// <param name="overwrite">
    /// Whether files that are there are replaced. Default true: if that fails in between, the old model is gone, too, not
    /// mixed with the new one.
    /// </param>
    /// <exception cref="AlexNetException">
    /// A layer that TensorFlow.js does not have, weights that do not fit, a file that cannot be written or replaced.
    /// </exception>
    public static void Write(LayerPlan plan, WeightSet weights, string path, bool overwrite = true)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(path);
        weights.RequireFit(plan);
        Write(new ModelFileContent(plan, weights, Ignored: []), path, overwrite);
    }

    /// <summary>The same, with a layer that normalizes values if the content says how.</summary>
    internal static void Write(ModelFileContent content, string path, bool overwrite)
    {
        var (plan, weights) = (content.Plan, content.Weights);
        var isFile = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        var folder = isFile ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;
        var file = isFile ? path : Path.Combine(folder, ModelFile);
        var layers = GroupedConvolution.Ungroup(KerasExport.Express(plan));
        if (layers.FirstOrDefault(layer => layer.Layer is ELU { Alpha: not 1 }) is { } elu)
        {
            // tfjs-layers/src/layers/advanced_activations.ts
            throw new AlexNetException(
                $"The layer '{elu.Name}' (ELU) has another alpha than 1, which TensorFlow.js does not take.");
        }

        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The folder '{folder}' cannot be made: {fault.Message}", fault);
        }

        var variables = KerasWeights.VariablesOf(layers);
        var stem = Path.GetFileNameWithoutExtension(file);
        var shards = TensorFlowJsShards.Names(
            $"{stem}.json" == ModelFile ? "" : $"{stem}-",
            variables.Sum(pair => pair.Variable.Elements) * sizeof(float));
        var files = shards.Select(shard => Path.Combine(folder, shard)).Prepend(file);
        if (!overwrite && files.FirstOrDefault(Path.Exists) is { } there)
        {
            throw new AlexNetException(
                $"'{there}' exists, where a part of the model belongs. Write to another folder, or set Overwrite to "
                + "replace it.")
            {
                Option = "Overwrite",
            };
        }

        TensorFlowJsShards.Write(
            folder,
            shards,
            from pair in variables
            let values = GroupedConvolution.Ungroup(plan, weights, pair.Layer, pair.Variable)
            from block in KerasWeights.ToKeras(pair.Variable, values)
            select block.Values,
            beforeMoving: () => File.Delete(file));
        var json = TensorFlowJsManifest.Write(
            new KerasExpression(layers) { Normalization = content.Normalization }, variables.Select(pair => pair.Variable), shards);
        WholeFile.Write(file, stream => stream.Write(json));
    }
}
