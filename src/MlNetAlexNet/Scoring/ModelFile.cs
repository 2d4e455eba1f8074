using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Formats.Safetensors;
using MlNetAlexNet.Formats.TensorFlowJs;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Scoring;

/// <summary>A model as a file holds it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Ignored">What the file holds beside it and is of no use here, such as optimizer state.</param>
/// <param name="Assumed">What the file does not say and was assumed, in words; empty for a model zip.</param>
public sealed record ModelFileContent(
    TrainedModel Model, IReadOnlyList<string> Ignored, IReadOnlyList<string> Assumed);

/// <summary>
/// Models in the files of this library and of other frameworks, told apart by the ending: <c>.zip</c> (model zip),
/// <c>.onnx</c>, <c>.pth</c> and <c>.pt</c> (PyTorch), <c>.safetensors</c>, <c>.h5</c>, <c>.weights.h5</c> and
/// <c>.keras</c> (Keras), and <c>.json</c> (TensorFlow.js' model.json with its shards).
/// </summary>
public static class ModelFile
{
    private const string Endings = ".zip, .onnx, .pth, .pt, .safetensors, .h5, .weights.h5, .keras or .json";

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
        if (Ending(path) == ".zip")
            return Own(ModelZip.Read(path), options);

        if (Ending(path) == ".onnx")
        {
            var (network, own) = OnnxFile.Open(path);
            return own is null ? Foreign(network, options) : Own(own, options);
        }

        return Foreign(ReadForeign(path, options.Network?.Plan()), options);
    }

    /// <summary>
    /// Writes a model; the file is whole or not there. Only <c>.zip</c> and <c>.onnx</c> hold the class names and the
    /// normalization, too; to the others they have to be given again when they are read.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file. What stands there is replaced.</param>
    /// <exception cref="AlexNetException">
    /// The ending is none of those, the framework lacks a layer, or the place cannot be written to.
    /// </exception>
    public static void Write(TrainedModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Action write = Ending(path) switch
        {
            ".zip" => () => ModelPipeline.Save(model, path),
            ".onnx" => () => WholeFile.Write(path, stream => OnnxExport.Write(model, "Pixels", stream)),
            ".pth" or ".pt" => () => PyTorchFile.Write(model.Plan, model.Weights, path),
            ".safetensors" => () => SafetensorsFile.Write(model.Plan, model.Weights, path),
            ".h5" or ".hdf5" or ".weights.h5" or ".keras" => () => KerasFile.Write(model.Plan, model.Weights, path),
            ".json" => () => TensorFlowJsModel.Write(model.Plan, model.Weights, path),
            _ => throw Unknown(path),
        };
        write();
    }

    /// <summary>Whether a file of that name holds the class names and the normalization as well.</summary>
    public static bool HoldsClasses(string path) => Ending(path) is ".zip" or ".onnx";

    /// <summary>
    /// Whether a file of that name says itself what stack its weights belong to: all but Keras' <c>.weights.h5</c> and,
    /// unless it is torchvision's AlexNet, a state dict (<c>.pth</c>, <c>.pt</c>, <c>.safetensors</c>).
    /// </summary>
    public static bool HoldsStack(string path) =>
        Ending(path) is not (".weights.h5" or ".pth" or ".pt" or ".safetensors");

    private static ImportedModel ReadForeign(string path, LayerPlan? plan) => Ending(path) switch
    {
        ".pth" or ".pt" => PyTorchFile.Read(path, plan),
        ".safetensors" => SafetensorsFile.Read(path, plan),
        ".h5" or ".hdf5" or ".weights.h5" or ".keras" => plan is null ? KerasFile.Read(path) : KerasFile.ReadWeights(path, plan),
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
            new TrainedModel(model.Plan, model.Weights, preprocessing, options.Classes ?? model.Classes, model.TopK), [], []);
    }

    private static ModelFileContent Foreign(ImportedModel file, ModelFileOptions options)
    {
        var plan = WithProbabilities(file.Plan);
        var assumed = new List<string>();
        var preprocessing = new ImagePreprocessing(
            plan.Input.Height,
            options.Mean ?? Assume<IReadOnlyList<float>>([0, 0, 0], "a mean of 0"),
            options.StandardDeviation ?? Assume<IReadOnlyList<float>>([255, 255, 255], "a deviation of 255 (values from 0 to 1)"))
        {
            ImageSize = Math.Max(ImagePreprocessing.DefaultImageSize, plan.Input.Height),
        };
        var classes = options.Classes ?? Assume<IReadOnlyList<string>>(
            [.. Enumerable.Range(0, plan.Output.Channels).Select(i => FormattableString.Invariant($"{i}"))],
            $"classes named 0 to {plan.Output.Channels - 1}");
        return new ModelFileContent(new TrainedModel(plan, file.Weights, preprocessing, classes), file.Ignored, assumed);

        T Assume<T>(T value, string what)
        {
            assumed.Add(what);
            return value;
        }
    }

    // PyTorch's networks end in logits; its loss has the softmax in it, as in training here.
    private static LayerPlan WithProbabilities(LayerPlan plan)
    {
        if (plan[^1].Layer is not Dense { Activation: Activation.Linear } last)
            return plan;

        var stack = new Sequential(plan.Input);
        foreach (var layer in plan.SkipLast(1))
            stack.Add(layer.Layer);
        stack.Add(new Dense(last.Units, Activation.Softmax, last.UseBias) { Name = plan[^1].Name });
        return stack.Plan();
    }

    private static AlexNetException Unknown(string path) =>
        new($"'{path}' does not say by its ending what it is. Known: {Endings}.");

    private static string Ending(string path) => path.EndsWith(".weights.h5", StringComparison.OrdinalIgnoreCase)
        ? ".weights.h5"
        : Path.GetExtension(path).ToLowerInvariant();
}
