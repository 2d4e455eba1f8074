using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Formats.Safetensors;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests;

/// <summary>The network that PyTorch saved in many ways, the pictures it was shown, and the logits it gave.</summary>
internal static class TorchNetworks
{
    /// <summary>Each file with the largest difference its number format may make in a logit.</summary>
    public static IEnumerable<object[]> Files =>
    [
        ["state_dict.pth", 1e-4],
        ["state_dict-legacy.pth", 1e-4],
        ["checkpoint.pth", 1e-4],
        ["model.safetensors", 1e-4],
        ["export.onnx", 1e-4],
        ["export-torchscript.onnx", 1e-4],
        ["model-fp16.safetensors", 5e-3], // the logits go up to 5: 11 bits of fraction
        ["state_dict-bf16.pth", 6e-2],    // 8 bits
    ];

    /// <summary>Four pictures, bytes of N x 224 x 224 x RGB.</summary>
    public static NpyFile Pictures => NpyFile.Read(Expected.Torch("x224.npy"));

    /// <summary>What PyTorch gave for them, of 32-bit weights.</summary>
    public static float[] Logits => NpyFile.Read(Expected.Torch("logits.npy")).Floats;

    public static ModelFileContent Read(string file) => Path.GetExtension(file) switch
    {
        ".pth" => PyTorchFile.Read(Expected.Torch(file)),
        ".safetensors" => SafetensorsFile.Read(Expected.Torch(file)),
        _ => OnnxFile.Read(Expected.Torch(file)),
    };

    /// <summary>The network as a classifier: behind torchvision's normalization, with a softmax at the end.</summary>
    public static TrainedModel ToClassifier(ModelFileContent imported)
    {
        var plan = imported.Plan.Rewrite(planned => planned == imported.Plan[^1] && planned.Layer is Dense last
            ? last with { Activation = Activation.Softmax }
            : planned.Layer);

        // torchvision/transforms/_presets.py, ImageClassification: of values from 0 to 1.
        var preprocessing = new ImagePreprocessing(
            224, [0.485f * 255, 0.456f * 255, 0.406f * 255], [0.229f * 255, 0.224f * 255, 0.225f * 255])
        {
            ImageSize = 224,
        };
        return new TrainedModel(plan, imported.Weights, preprocessing, [.. Enumerable.Range(0, 10).Select(i => $"class {i}")]);
    }

    public static double LargestDifference(IEnumerable<float> logits) => LargestDifference(logits, Logits);

    public static double LargestDifference(IEnumerable<float> logits, IEnumerable<float> theirs) =>
        logits.Zip(theirs, (actual, expected) => Math.Abs((double)actual - expected)).Max();
}
