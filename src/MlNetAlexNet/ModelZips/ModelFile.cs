using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.Onnx;
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
    public static ModelFormat Recognize(string path) => s_formats.Recognize(path);

    /// <summary>The kind of file that <see cref="Write"/> makes under a name.</summary>
    /// <exception cref="AlexNetException">Its ending is none of those that are known.</exception>
    public static ModelFormat ChooseFormat(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return s_formats.ChooseByEnding(path);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file does not say. Default: what <see cref="ModelFileOptions"/> assumes.</param>
    /// <returns>What the file holds, completed to a <see cref="ModelFileContent.Model"/> with what is assumed.</returns>
    /// <exception cref="AlexNetException">
    /// The file cannot be used, or the options do not fit it; the message says what to do.
    /// </exception>
    public static ModelFileContent Read(string path, ModelFileOptions? options = null)
    {
        options ??= new ModelFileOptions();
        OptionFaults.RequireNone(options.ListFaults());
        var format = Recognize(path);
        return options.Stack is not null && format.Stack == StackHeld.Always
            ? throw new AlexNetException($"'{path}' holds a stack of its own; read it without another.")
            : ModelCompletion.Complete(format.Read(path, new KnownOfModel { Stack = options.Stack }), options);
    }

    /// <summary>
    /// Copies the network of a file of this library, of 8 bits or 32, into an ONNX file as it is; the file is whole or
    /// not there.
    /// </summary>
    /// <param name="source">A model zip, or an ONNX file of this library.</param>
    /// <param name="path">The file. What stands there is replaced.</param>
    /// <returns>False, with nothing done, if the one holds no such network or the other is of another kind.</returns>
    /// <exception cref="AlexNetException">A file cannot be used or not written, or the ending is unknown.</exception>
    public static bool TryCopyNetwork(string source, string path)
    {
        if (ChooseFormat(path).WriteGraph is not { } write)
            return false;

        using var graph = OpenGraph(source);
        if (graph is null)
            return false;

        write(graph, path);
        return true;
    }

    /// <summary>
    /// Writes a model; the file is whole or not there. Few kinds of file hold the class names and the normalization,
    /// too (<see cref="ModelFormat.KeepsClasses"/>); to the others they have to be given again when they are read.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">
    /// Whether what stands there is replaced, shards of TensorFlow.js beside it included. Default true.
    /// </param>
    /// <exception cref="AlexNetException">
    /// The ending is unknown, the framework lacks a layer, or the place cannot be written to.
    /// </exception>
    public static void Write(TrainedModel model, string path, bool overwrite = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        RequireWritable(path, overwrite);
        ChooseFormat(path).Write(ModelFileContent.Of(model), path, overwrite);
    }

    /// <summary>Checks what <see cref="Write"/> refuses at once, before there is a model to write.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="overwrite">As in <see cref="Write"/>.</param>
    /// <exception cref="AlexNetException">Its ending is unknown, or something stands there.</exception>
    public static void RequireWritable(string path, bool overwrite)
    {
        ChooseFormat(path);
        if (!overwrite && Path.Exists(path))
        {
            throw new AlexNetException($"'{path}' exists. Write to another place, or set Overwrite to replace it.")
            {
                Option = "Overwrite",
            };
        }
    }

    /// <summary>Whether <see cref="Write"/> keeps the class names and the normalization in a file of that name.</summary>
    /// <exception cref="AlexNetException">Its ending is unknown.</exception>
    public static bool KeepsClasses(string path) => ChooseFormat(path).KeepsClasses;

    /// <summary>
    /// Whether a file is of a kind that always says itself what stack its weights belong to. A state dict does only if
    /// it is one of torchvision's AlexNet.
    /// </summary>
    /// <exception cref="AlexNetException">The file is missing, or none of the kinds that are known.</exception>
    public static bool HoldsStack(string path) => Recognize(path).Stack == StackHeld.Always;

    /// <summary>The network in a file of this library, to be disposed; null if it is another program's.</summary>
    internal static ScoringGraph? OpenGraph(string path) => Recognize(path).OpenGraph?.Invoke(path);
}
