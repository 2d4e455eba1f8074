using System.IO.Compression;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Formats.Safetensors;
using MlNetAlexNet.Formats.TensorFlowJs;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>
/// Models in the files of this library and of other frameworks, told apart by the ending: <c>.zip</c> (model zip),
/// <c>.onnx</c>, <c>.pth</c> and <c>.pt</c> (PyTorch), <c>.safetensors</c>, <c>.h5</c>, <c>.weights.h5</c> and
/// <c>.keras</c> (Keras), and <c>.json</c> (TensorFlow.js' model.json with its shards).
/// </summary>
public static class ModelFile
{
    private static readonly string[] s_endings =
        [".zip", ".onnx", ".pth", ".pt", ".safetensors", ".h5", ".hdf5", ".weights.h5", ".keras", ".json"];

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file does not say. Default: what <see cref="ModelFileOptions"/> assumes.</param>
    /// <exception cref="AlexNetException">
    /// The file cannot be used, or the options do not fit it; the message says what to do.
    /// </exception>
    public static ModelFileContent Read(string path, ModelFileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new ModelFileOptions();
        OptionFaults.RequireNone(options.Faults());
        if (Ending(path) is ".zip" or ".onnx" or ".json" && options.Stack is not null)
            throw new AlexNetException($"'{path}' holds a stack of its own; read it without another.");

        if (Ending(path) == ".zip")
            return Own(ModelZip.Read(path), options);

        if (Ending(path) == ".onnx")
        {
            var (network, own) = OnnxFile.Open(path);
            return own is null ? ModelFileForeign.Complete(network, options) : Own(own, options);
        }

        return ModelFileForeign.Complete(ReadForeign(path, options.Stack), options);
    }

    /// <summary>
    /// Copies the network of a model zip into an ONNX file as it is, of 8 bits or 32; the file is whole or not there.
    /// </summary>
    /// <param name="zip">The model zip.</param>
    /// <param name="path">The file. What stands there is replaced.</param>
    /// <exception cref="AlexNetException">The zip cannot be used, or the file not written.</exception>
    public static void CopyNetwork(string zip, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var network = ModelZip.Reading(zip, () =>
        {
            using var archive = ZipFile.OpenRead(zip);
            return NetworkEntry.ReadAll(archive);
        });
        WholeFile.Write(path, stream => stream.Write(network));
    }

    /// <summary>
    /// Writes a model; the file is whole or not there. Only <c>.zip</c> and <c>.onnx</c> hold the class names and the
    /// normalization, too; to the others they have to be given again when they are read.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">
    /// Whether what stands there is replaced, shards of TensorFlow.js beside it included. Default true.
    /// </param>
    /// <exception cref="AlexNetException">
    /// The ending is none of those, the framework lacks a layer, or the place cannot be written to.
    /// </exception>
    public static void Write(TrainedModel model, string path, bool overwrite = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        RequireWritable(path, overwrite);
        Action write = Ending(path) switch
        {
            ".zip" => () => ModelPipeline.Save(model, path),
            ".onnx" => () => WholeFile.Write(path, stream => OnnxExport.Write(model, "Pixels", stream)),
            ".pth" or ".pt" => () => PyTorchFile.Write(model.Plan, model.Weights, path),
            ".safetensors" => () => SafetensorsFile.Write(model.Plan, model.Weights, path),
            ".h5" or ".hdf5" or ".weights.h5" or ".keras" => () => KerasFile.Write(model.Plan, model.Weights, path),
            ".json" => () => TensorFlowJsModel.Write(model.Plan, model.Weights, path, overwrite),
            _ => throw Unknown(path),
        };
        write();
    }

    /// <summary>Checks what <see cref="Write"/> refuses at once, before there is a model to write.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="overwrite">As in <see cref="Write"/>.</param>
    /// <exception cref="AlexNetException">Its ending is none of those, or something stands there.</exception>
    public static void RequireWritable(string path, bool overwrite)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!s_endings.Contains(Ending(path)))
            throw Unknown(path);

        if (!overwrite && Path.Exists(path))
            throw new AlexNetException($"'{path}' exists. Pass --overwrite to replace it.");
    }

    /// <summary>Whether <see cref="Write"/> keeps the class names and the normalization in a file of that name.</summary>
    public static bool KeepsClasses(string path) => Ending(path) is ".zip" or ".onnx";

    /// <summary>
    /// Whether a file of that name says itself what stack its weights belong to: all but Keras' <c>.weights.h5</c> and,
    /// unless it is torchvision's AlexNet, a state dict (<c>.pth</c>, <c>.pt</c>, <c>.safetensors</c>).
    /// </summary>
    public static bool HoldsStack(string path) =>
        Ending(path) is not (".weights.h5" or ".pth" or ".pt" or ".safetensors");

    private static ImportedModel ReadForeign(string path, Func<int, LayerPlan>? stack) => Ending(path) switch
    {
        ".pth" or ".pt" => PyTorchFile.Read(path, stack),
        ".safetensors" => SafetensorsFile.Read(path, stack),
        ".h5" or ".hdf5" or ".weights.h5" or ".keras" =>
            stack is null ? KerasFile.Read(path) : KerasFile.ReadWeights(path, stack),
        ".json" => TensorFlowJsModel.Read(path),
        _ => throw Unknown(path),
    };

    private static ModelFileContent Own(TrainedModel model, ModelFileOptions options)
    {
        var preprocessing = model.Preprocessing with
        {
            Mean = options.Mean ?? model.Preprocessing.Mean,
            StandardDeviation = options.StandardDeviation ?? model.Preprocessing.StandardDeviation,
        };
        return new ModelFileContent(
            new TrainedModel(model.Plan, model.Weights, preprocessing, options.Classes ?? model.Classes, model.TopK),
            Ignored: [],
            Assumed: [],
            HoldsClasses: true);
    }

    private static AlexNetException Unknown(string path) =>
        new($"'{path}' does not say by its ending what it is. Known: {string.Join(", ", s_endings)}.");

    internal static string Ending(string path) => path.EndsWith(".weights.h5", StringComparison.OrdinalIgnoreCase)
        ? ".weights.h5"
        : Path.GetExtension(path).ToLowerInvariant();
}
