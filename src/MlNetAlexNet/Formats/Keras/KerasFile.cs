using System.Text;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// Files of Keras 2 and 3: <c>.h5</c> (<c>model.save('x.h5')</c>), <c>.weights.h5</c> (<c>save_weights</c>) and
/// <c>.keras</c> archives.
/// </summary>
public static class KerasFile
{
    private static readonly IReadOnlyDictionary<string, Layer> s_noLayers = new Dictionary<string, Layer>();

    /// <summary>
    /// Reads architecture and weights, as the file has them: models inside the model are unrolled, what does nothing to a
    /// picture that is scored is left out, and <c>Rescaling</c> and <c>Normalization</c> before the first layer are the
    /// <see cref="ModelFileContent.Normalization"/>.
    /// </summary>
    /// <param name="path">An <c>.h5</c> file with its configuration, or a <c>.keras</c> archive.</param>
    /// <param name="customLayers">
    /// What layers of the user's own compute, by class or name; see <see cref="KerasConfig.ParseLayer"/>. Default: there
    /// are none.
    /// </param>
    /// <exception cref="AlexNetException">
    /// The file cannot be read or is damaged, has a layer that this library does not know, or holds weights alone; the
    /// message names what.
    /// </exception>
    public static ModelFileContent Read(string path, IReadOnlyDictionary<string, Layer>? customLayers = null) => Open(
        path, file => file is null
            ? KerasArchive.Read(path, customLayers ?? s_noLayers)
            : ReadHdf5(file, path, customLayers ?? s_noLayers));

    /// <summary>Reads weights for an architecture that is known.</summary>
    /// <param name="path">Any of the three kinds of file.</param>
    /// <param name="plan">
    /// The stack. Names may differ from the file's; order, kinds and shapes of its layers may not.
    /// </param>
    /// <exception cref="AlexNetException">
    /// The file cannot be read or is damaged, or its weights do not fit the stack; the message names both shapes.
    /// </exception>
    public static ModelFileContent ReadWeights(string path, LayerPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Open(path, file => file is not null && !HasConfiguration(file)
            ? ReadVariables(file, path, KerasArchitecture.Describe(plan))
            : Renamed(Read(path), plan));
    }

    /// <summary>Reads weights for an architecture in Keras' words.</summary>
    /// <param name="path">A <c>.weights.h5</c> file, or an older one with weights alone.</param>
    /// <param name="configuration">What <c>model.to_json()</c> writes; our own names of layers are known, too.</param>
    /// <param name="customLayers">As in <see cref="Read"/>.</param>
    /// <exception cref="AlexNetException">
    /// The file or the configuration cannot be read, or they do not fit each other; the message names both shapes.
    /// </exception>
    public static ModelFileContent ReadWeights(
        string path, string configuration, IReadOnlyDictionary<string, Layer>? customLayers = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        using var json = KerasJson.Parse(Encoding.UTF8.GetBytes(configuration));
        var architecture = KerasConfig.Read(json.RootElement, KerasLayers.ReadOwn, customLayers ?? s_noLayers);
        return Open(path, file => file is not null && !HasConfiguration(file)
            ? ReadVariables(file, path, architecture)
            : throw new AlexNetException($"'{path}' has its own configuration; read it without another."));
    }

    /// <summary>Reads a file of weights alone for a stack that is given the number of classes in it.</summary>
    /// <exception cref="AlexNetException">The file has a stack of its own, or its weights do not fit.</exception>
    internal static ModelFileContent ReadWeights(string path, Func<int, LayerPlan> stack) => Open(path, file =>
    {
        if (file is null || HasConfiguration(file))
            throw new AlexNetException($"'{path}' holds a stack of its own; read it without another.");

        var one = KerasArchitecture.Describe(stack(1));
        var kernel = one.Variables.Last(variable => variable.Name == "kernel");
        var classes = VariablesOf(file, path, one).Dimensions(kernel) is [.., > 0 and var units] ? units : 1;
        return ReadVariables(file, path, KerasArchitecture.Describe(stack(classes)));
    });

    /// <summary>Writes a stack and its weights; the file is whole or not there. There is no optimizer state.</summary>
    /// <param name="plan">The stack.</param>
    /// <param name="weights">Exactly its weights.</param>
    /// <param name="path">
    /// Ends in <c>.keras</c> (Keras 3), <c>.weights.h5</c> (weights alone) or <c>.h5</c> (Keras 2, which Keras 3
    /// reads).
    /// </param>
    /// <exception cref="AlexNetException">
    /// Another ending, a layer that Keras does not have, weights that do not fit, or a file that cannot be written.
    /// </exception>
    public static void Write(LayerPlan plan, WeightSet weights, string path)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(path);
        weights.RequireFit(plan);
        KerasFormat.Rows.ChooseByEnding(path).Write(new ModelFileContent(plan, weights, Ignored: []), path, true);
    }

    /// <summary>Reads the weights of an open file.</summary>
    internal static ModelFileContent ReadVariables(Hdf5File file, string path, KerasArchitecture architecture)
    {
        var variables = VariablesOf(file, path, architecture);
        var others = file.Children("").Where(group =>
            group is not (KerasSavedVariables.Layers or "vars") && variables is KerasSavedVariables);
        var model = ReadWeights(architecture, variables, file);
        return model with { Ignored = [.. model.Ignored, .. others] };
    }

    private static ModelFileContent ReadWeights(KerasArchitecture architecture, IKerasVariables variables, Hdf5File file)
    {
        var model = KerasWeights.Read(architecture, variables);
        return file.HasRounded ? model with { Assumed = [.. model.Assumed, NumberFormat.Rounding] } : model;
    }

    private static IKerasVariables VariablesOf(Hdf5File file, string path, KerasArchitecture architecture) =>
        KerasLegacyVariables.IsIn(file, "") ? new KerasLegacyVariables(file, "", architecture)
        : file.Exists(KerasSavedVariables.Layers) ? new KerasSavedVariables(file, architecture)
        : throw new AlexNetException($"'{path}' holds no weights as Keras lays them out.");

    private static ModelFileContent ReadHdf5(
        Hdf5File file, string path, IReadOnlyDictionary<string, Layer> customLayers)
    {
        if (file.Texts("", "model_config") is not [var json])
        {
            throw new AlexNetException(
                $"'{path}' holds weights, but no configuration; give the stack that they belong to as well.");
        }

        var architecture = KerasConfig.Read(Encoding.UTF8.GetBytes(json), customLayers);
        var model = ReadWeights(architecture, new KerasLegacyVariables(file, "model_weights", architecture), file);
        string[] ignored =
        [
            .. model.Ignored,
            .. file.Texts("", "training_config") is null ? Array.Empty<string>() : ["training_config"],
            .. file.Children("").Where(group => group != "model_weights"),
        ];
        return model with { Ignored = ignored };
    }

    /// <summary>Whether an HDF5 file says its stack; true of a damaged one, which its reader refuses.</summary>
    internal static bool HasConfiguration(string path)
    {
        try
        {
            using var file = new Hdf5File(path);
            return HasConfiguration(file);
        }
        catch (AlexNetException)
        {
            return true;
        }
    }

    private static bool HasConfiguration(Hdf5File file) => file.Texts("", "model_config") is not null;

    // The file's weights, in order, under the names of the plan.
    private static ModelFileContent Renamed(ModelFileContent model, LayerPlan plan)
    {
        var wanted = plan.Weights.Select(weight => weight.Key).ToArray();
        var found = model.Plan.Weights.Select(weight => weight.Key).ToArray();
        if (wanted.Length != found.Length)
        {
            throw new AlexNetException(
                $"The file has {found.Length} weights ({string.Join(", ", found)}); " +
                $"the stack has {wanted.Length} ({string.Join(", ", wanted)}).");
        }

        var weights = new WeightSet(
            wanted.Zip(found, (key, source) => KeyValuePair.Create(key, model.Weights[source])));
        weights.RequireFit(plan);
        return model with { Plan = plan, Weights = weights };
    }

    // Null stands for an archive.
    private static ModelFileContent Open(string path, Func<Hdf5File?, ModelFileContent> read) =>
        FileReading.Read(path, "a Keras file", () =>
        {
            if (FileLook.Take(path).IsZip)
                return read(null);
            using var file = new Hdf5File(path);
            return read(file);
        });
}
