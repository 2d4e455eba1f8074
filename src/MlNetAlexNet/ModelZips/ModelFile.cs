using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Formats.Safetensors;
using MlNetAlexNet.Formats.TensorFlowJs;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>
/// Models in the files of this library and of other frameworks. A file is read by what it contains, whatever it is
/// called, and written by what its name ends in; <see cref="Formats"/> lists the kinds.
/// </summary>
public static class ModelFile
{
    private static readonly FormatTable s_formats = new(
    [
        ModelZipFormat.Row,
        OnnxFormat.Row,
        PyTorchFormat.Row,
        SafetensorsFormat.Row,
        .. KerasFormat.Rows,
        TensorFlowJsFormat.Row,
    ]);

    /// <summary>The kinds of file that are read and written.</summary>
    public static IReadOnlyList<ModelFormat> Formats => s_formats;

    /// <summary>Tells what kind of file there is, by what it contains; where that is damaged, by its ending.</summary>
    /// <exception cref="AlexNetException">The file is missing, or none of the kinds that are known.</exception>
    public static ModelFormat Recognize(string path)
    {
        ModelSidecar.RefuseAsModel(path);
        var look = FileLook.Take(path);
        return IsStack(look)
            ? throw new AlexNetException(
                $"'{path}' is no model: it has no weights, and is a stack at most, as model.to_json() writes it. Train it, or give "
                + $"the file of its weights and this one as Stack. Known models: {s_formats.Known}.")
            {
                Option = "Stack",
            }
            : s_formats.Recognize(look);
    }

    /// <summary>
    /// Reads a file that is JSON without weights, as a stack is: the configuration of a Keras model. Whether it is a right
    /// one is told by <see cref="KerasConfig.Parse"/>. It is read once, so that it may be a pipe.
    /// </summary>
    /// <returns>Its text; null if it is another file, such as that of a model.</returns>
    /// <exception cref="AlexNetException">The file is missing or cannot be read.</exception>
    public static string? ReadStack(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return FileReading.Read(path, "a stack", file =>
        {
            var look = FileLook.Take(path, file);
            if (!IsStack(look))
                return null;

            using var whole = new MemoryStream();
            whole.Write(look.Start.Span);
            file.CopyTo(whole);
            whole.Position = 0;
            using var text = new StreamReader(whole);
            return text.ReadToEnd();
        });
    }

    // The one format of models that is JSON; others look deeper into the file, which a pipe does not allow.
    private static bool IsStack(FileLook look) => look.IsJson && !TensorFlowJsFormat.Row.Recognizes(look);

    /// <summary>The kind of file that <see cref="Write"/> makes under a name.</summary>
    /// <exception cref="AlexNetException">Its ending is none of those that are known.</exception>
    public static ModelFormat ChooseFormat(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return s_formats.ChooseByEnding(path);
    }

    /// <summary>Reads a model, and what <see cref="Write"/> put beside it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">
    /// What neither of them says, or is to be otherwise. Default: what <see cref="ModelFileOptions"/> assumes.
    /// </param>
    /// <returns>What the file holds, completed to a <see cref="ModelFileContent.Model"/> with what is assumed.</returns>
    /// <exception cref="AlexNetException">
    /// The file cannot be used, or the options do not fit it; the message says what to do.
    /// </exception>
    public static ModelFileContent Read(string path, ModelFileOptions? options = null)
    {
        options ??= new ModelFileOptions();
        return Complete(path, options, (format, known) => format.Read(path, known))!;
    }

    /// <summary>Reads and completes a network of another program that is scored as it is; null if it is none.</summary>
    internal static ModelFileContent? ReadKept(string path, ModelFileOptions? options) =>
        Complete(path, options ?? new ModelFileOptions(), (format, _) => format.ReadKept?.Invoke(path));

    private static ModelFileContent? Complete(
        string path, ModelFileOptions options, Func<ModelFormat, KnownOfModel, ModelFileContent?> read)
    {
        OptionFaults.RequireNone(options.ListFaults());
        var format = Recognize(path);
        var known = options.ToKnown();
        if (known.Stack is not null && format.Stack == StackHeld.Always)
            throw new AlexNetException($"'{path}' holds a stack of its own; read it without another.");

        var beside = format.KeepsClasses ? null : ModelSidecar.Find(path);
        var besideStack = known.Stack is null && format.Stack != StackHeld.Always ? beside?.Stack : null;
        if (besideStack is { } json)
            known = (options with { KerasConfiguration = json.GetRawText() }).ToKnown();
        if (options.CustomLayers is not null && known.KerasConfiguration is null && format != TensorFlowJsFormat.Row && !KerasFormat.Rows.Contains(format))
        {
            throw new AlexNetException(
                $"{nameof(options.CustomLayers)} say what layers in files of Keras' compute, and '{path}' is no such file ({format.Name}). Leave them out.")
            {
                Option = nameof(options.CustomLayers),
            };
        }

        var file = besideStack is null ? read(format, known) : beside!.Explain(() => read(format, known));
        if (file is null)
            return null;

        beside ??= file.HoldsClasses ? null : ModelSidecar.Find(path); // ONNX of another program
        var hasOwnEnd = format.Stack == StackHeld.Always || (known.Stack is not null && options.Preset is null);
        return FileReading.Read(path, "a classifier of pictures", () =>
        {
            if (known.KerasConfiguration is { } configuration && file.Normalization is null)
                file = file with { Normalization = KerasConfig.ReadNormalization(configuration, known.CustomLayers) };
            return ModelCompletion.Complete(file, options, beside, hasOwnEnd);
        });
    }

    /// <summary>
    /// Copies the network of a file of this library, of 8 bits or 32, as it is: into an ONNX file, with how the stages of a
    /// zip make pictures squares, or out of a model zip into another one with the same stages. The file is whole or not
    /// there.
    /// </summary>
    /// <param name="source">A model zip, or an ONNX file of this library.</param>
    /// <param name="path">The file. What stands there is replaced.</param>
    /// <param name="views">Which views of a picture the copy scores. Default null: those of the file.</param>
    /// <returns>False, with nothing done, if the one holds no such network or the other is of another kind.</returns>
    /// <exception cref="AlexNetException">A file cannot be used or not written, or the ending is unknown.</exception>
    public static bool TryCopyNetwork(string source, string path, ScoringViews? views = null)
    {
        var format = ChooseFormat(path);
        var isZipToZip = format == ModelZip.Format && Recognize(source) == format;
        if (format.WriteGraph is null && !isZipToZip)
            return false;

        using var graph = OpenGraph(source);
        if (graph is null)
            return false;

        var onnx = FileReading.Read(source, "a model", () => FileReading.ReadUnchecked(() =>
        {
            var bytes = graph.ToArray();
            if (!OnnxMetadata.IsOwn(bytes))
                return null;

            bytes = views is { } given ? OnnxViews.Set(graph, given).ToArray() : bytes;
            OnnxWeights.RequireFinite(bytes);
            return graph.ReadForm?.Invoke() is { } stages ? OnnxMetadata.SetResizeMode(bytes, stages.Mode) : bytes;
        }), otherOptions: nameof(ModelFileOptions.Views));
        if (onnx is null)
            return false;

        using var whole = ScoringGraph.Open(new MemoryStream(onnx));
        if (isZipToZip)
            ModelZipWriter.Write(source, whole, path);
        else
            format.WriteGraph!(whole, path);
        return true;
    }

    /// <summary>
    /// Writes an 8-bit network of another program, as ONNX Runtime's quantizer makes them, as it is into a model zip or an
    /// ONNX file of this library, with what scoring needs around it; the file is whole or not there.
    /// </summary>
    /// <param name="source">The file of the other program.</param>
    /// <param name="path">The file to write. What stands there is replaced.</param>
    /// <param name="options">What the file does not say, as in <see cref="Read"/>.</param>
    /// <param name="assumed">What was assumed, as in <see cref="ModelFileContent"/>.</param>
    /// <returns>False, with nothing done, if it holds no such network or the other file is of another kind.</returns>
    /// <exception cref="AlexNetException">A file cannot be used or not written, or the ending is unknown.</exception>
    public static bool TryWrapNetwork(
        string source, string path, ModelFileOptions? options, out IReadOnlyList<string> assumed)
    {
        assumed = [];
        var format = ChooseFormat(path);
        if (!format.KeepsClasses || ReadKept(source, options) is not { } content)
            return false;

        assumed = content.Assumed;
        format.Write(content, path, true);
        return true;
    }

    /// <summary>
    /// Writes a model; the file is whole or not there. Few kinds of file hold the class names and what happens to a picture
    /// before the network, too (<see cref="ModelFormat.KeepsClasses"/>). For the others that is in a file beside it, which
    /// <see cref="Read"/> finds: <see cref="FindBeside"/>.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">
    /// Whether what stands there is replaced, shards of TensorFlow.js and the file beside it included. Default true.
    /// </param>
    /// <param name="embedNormalization">
    /// Whether the file has mean and deviation as a layer of its own, Keras' <c>Rescaling</c> or <c>Normalization</c>, and
    /// takes values from 0 to 255. Model zips and ONNX files have them in any case. Default false.
    /// </param>
    /// <exception cref="AlexNetException">
    /// The ending is unknown, the framework lacks a layer, or the place cannot be written to.
    /// </exception>
    public static void Write(
        TrainedModel model, string path, bool overwrite = true, bool embedNormalization = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        RequireWritable(path, overwrite, embedNormalization);
        var format = ChooseFormat(path);
        var content = ModelFileContent.Of(model);
        if (format.KeepsClasses)
        {
            format.Write(content, path, overwrite);
            return;
        }

        if (embedNormalization && model.Preprocessing.MeanImage is not null)
        {
            throw new AlexNetException(
                $"The model subtracts a mean image, for which '{path}' has no layer; leave EmbedNormalization out.")
            {
                Option = "EmbedNormalization",
            };
        }

        if (embedNormalization)
        {
            var (mean, deviation) = (model.Preprocessing.Mean, model.Preprocessing.StandardDeviation);
            content = content with { Normalization = new(mean, deviation, "the model") };
        }

        ModelSidecar.Of(content, format.Stack == StackHeld.Always).WriteBeside(path, () => format.Write(content, path, overwrite));
    }

    /// <summary>Checks what <see cref="Write"/> refuses at once, before there is a model to write.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="overwrite">As in <see cref="Write"/>.</param>
    /// <param name="embedNormalization">As in <see cref="Write"/>.</param>
    /// <exception cref="AlexNetException">
    /// Its ending is unknown, its kind has no layer for the normalization, or something stands there.
    /// </exception>
    public static void RequireWritable(string path, bool overwrite, bool embedNormalization = false)
    {
        var format = ChooseFormat(path);
        if (embedNormalization && !format.EmbedsNormalization && !format.KeepsClasses)
        {
            throw new AlexNetException(
                $"'{path}' ({format.Name}) has no layer for the normalization; leave EmbedNormalization out.")
            {
                Option = "EmbedNormalization",
            };
        }

        var beside = FindBeside(path);
        if (!overwrite && new[] { path, beside }.FirstOrDefault(Path.Exists) is { } there)
        {
            throw new AlexNetException($"'{there}' exists. Write to another place, or set Overwrite to replace it.")
            {
                Option = "Overwrite",
            };
        }

        if (beside is not null)
            ModelSidecar.RequireReplaceable(beside);
    }

    /// <summary>
    /// The file in which <see cref="Write"/> puts what a file of that name cannot hold: the name with <c>.json</c> behind
    /// it. Null where the file holds all of a model.
    /// </summary>
    /// <exception cref="AlexNetException">Its ending is unknown.</exception>
    public static string? FindBeside(string path) => ChooseFormat(path).KeepsClasses ? null : ModelSidecar.PathOf(path);

    /// <summary>
    /// Whether a file is of a kind that always says itself what stack its weights belong to. A state dict does only if
    /// it is one of torchvision's AlexNet.
    /// </summary>
    /// <exception cref="AlexNetException">The file is missing, or none of the kinds that are known.</exception>
    public static bool HoldsStack(string path) => Recognize(path).Stack == StackHeld.Always;

    /// <summary>The network in a file of this library, to be disposed; null if it is another program's.</summary>
    internal static ScoringGraph? OpenGraph(string path) => Recognize(path).OpenGraph?.Invoke(path);
}
