using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Formats.Safetensors;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests;

/// <summary>ONNX files of PyTorch's exporters and of tf2onnx, and PyTorch's state dicts for stacks that are given, with the outputs of the frameworks that made the networks.</summary>
internal static class ForeignNetworks
{
    private const string Torch = "torch", TensorFlow = "onnx";

    /// <summary>The folder of each file and its name.</summary>
    public static IEnumerable<object[]> Files =>
    [
        [Torch, "batchnorm-export.onnx"],
        [Torch, "batchnorm-external.onnx"],
        [Torch, "batchnorm-torchscript.onnx"],
        [Torch, "layered-export.onnx"],
        [Torch, "batchnorm.pth"],
        [Torch, "batchnorm.safetensors"],
        [Torch, "layered.pth"],
        [TensorFlow, "keras2-bn_after_relu.tf2onnx.onnx"],
        [TensorFlow, "keras2-rescaling.tf2onnx.onnx"],
        [TensorFlow, "keras2-softmax_layer.tf2onnx.onnx"],
    ];

    public static ModelFileContent Read(string folder, string file) => Path.GetExtension(file) switch
    {
        ".pth" => PyTorchFile.Read(Expected.Torch(file), Stack(file)),
        ".safetensors" => SafetensorsFile.Read(Expected.Torch(file), Stack(file)),
        _ => OnnxFile.Read(folder == Torch ? Expected.Torch(file) : Expected.Onnx(file)),
    };

    private static LayerPlan Stack(string file) => KerasConfig.ReadFile(Expected.Torch($"{NameOf(file)}-10.stack.json")).Plan();

    private static string NameOf(string file) => file.Split('-', '.')[0];

    public static NpyFile Pictures(string folder) =>
        NpyFile.Read(folder == Torch ? Expected.Torch("x224b.npy") : Expected.Keras("x99b.npy"));

    /// <summary>What the framework gave: probabilities, or logits of PyTorch as such.</summary>
    public static float[] Probabilities(string folder, string file) => folder == Torch
        ? Softmax(NpyFile.Read(Expected.Torch($"{NameOf(file)}.logits.npy")).Floats)
        : NpyFile.Read(Expected.Onnx(Path.ChangeExtension(file, ".y.npy"))).Floats;

    /// <summary>The network behind what its pictures went through, with a softmax at the end.</summary>
    public static TrainedModel ToClassifier(ModelFileContent read)
    {
        var plan = read.Plan.Rewrite(planned => planned == read.Plan[^1] && planned.Layer is Dense { Activation: Activation.Linear } last
            ? last with { Activation = Activation.Softmax }
            : planned.Layer);
        var side = read.Plan.Input.Height;
        var preprocessing = read.Normalization is { } normalization
            ? new ImagePreprocessing(side, normalization.Mean, normalization.StandardDeviation)
            : side == 224 ? new ImagePreprocessing(
                side, [0.485f * 255, 0.456f * 255, 0.406f * 255], [0.229f * 255, 0.224f * 255, 0.225f * 255])
            : new ImagePreprocessing(side, [0, 0, 0], [255, 255, 255]);
        return new TrainedModel(
            plan,
            read.Weights,
            preprocessing with { ImageSize = side },
            [.. Enumerable.Range(0, plan.Output.Channels).Select(i => $"class {i}")]);
    }

    /// <summary>Of rows of ten.</summary>
    public static float[] Softmax(float[] logits) => [.. logits.Chunk(10).SelectMany(row =>
    {
        var powers = row.Select(value => Math.Exp(value - row.Max())).ToArray();
        return powers.Select(power => (float)(power / powers.Sum()));
    })];
}
