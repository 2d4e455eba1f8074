using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.InteropTool;

/// <summary>
/// Every model file of some folders, written in every format: <c>networks.json</c> lists the files, the pictures (bytes,
/// N x side x side x RGB) and the probabilities that ONNX Runtime gives for them.
/// </summary>
internal static class GoldensCheck
{
    private const int Pictures = 2;

    private static readonly string[] s_targets = [".keras", ".h5", ".weights.h5", ".pth", ".safetensors", ".onnx", ".json"];

    public static void Write(string target, IEnumerable<string> sources)
    {
        Directory.CreateDirectory(target);
        var networks = new List<object>();
        var files = sources.SelectMany(Directory.GetFiles)
            .Where(file => Path.GetExtension(file) is ".h5" or ".keras" or ".pth" or ".safetensors" or ".onnx")
            .Where(file => !file.EndsWith(".weights.h5", StringComparison.Ordinal)) // of networks that are there whole
            .Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            try
            {
                networks.Add(Write(target, file, $"{networks.Count:d3}-{Path.GetFileName(file)}"));
            }
            catch (AlexNetException fault)
            {
                Console.WriteLine($"not read: {Path.GetFileName(file)}: {fault.Message}");
            }
        }

        File.WriteAllText(Path.Combine(target, "networks.json"), JsonSerializer.Serialize(networks));
    }

    private static object Write(string target, string file, string name)
    {
        var stack = Directory.GetFiles(Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}-10.stack.json");
        var model = ModelFile.Read(file, new ModelFileOptions
        {
            Network = stack is [var one] && !ModelFile.HoldsStack(file) ? KerasConfig.ReadFile(one) : null,
        }).Model;
        var side = model.Preprocessing.CropSize;
        model = new TrainedModel(
            model.Plan, model.Weights, model.Preprocessing with { ImageSize = side }, model.Classes, model.TopK);
        var pixels = new byte[Pictures * side * side * 3];
        new Random(1).NextBytes(pixels);
        File.WriteAllBytes(Path.Combine(target, $"{name}.pictures"), pixels);
        var written = new List<string>();
        foreach (var ending in s_targets)
        {
            var path = ending == ".json" ? $"{name}-tfjs/model.json" : $"{name}{ending}";
            try
            {
                ModelFile.Write(model, Path.Combine(target, path));
                written.Add(path);
            }
            catch (AlexNetException fault)
            {
                Console.WriteLine($"{name} is not written as {ending}: {fault.Message}");
            }
        }

        return new
        {
            name,
            side,
            mean = model.Preprocessing.Mean,
            deviation = model.Preprocessing.StandardDeviation,
            probabilities = Score(model, pixels),
            files = written,
            modules = Describe(model.Plan).ToArray(),
        };
    }

    // In the words of torch.nn.
    private static IEnumerable<object[]> Describe(LayerPlan plan)
    {
        var names = StateDictFit.NameModules(plan);
        foreach (var planned in plan)
        {
            object[] described = planned.Layer switch
            {
                Conv2D conv => ["conv", names[planned.Name], planned.Input.Channels, conv.Filters, Pair(conv.Kernel), Pair(conv.Strides),
                    Sides(conv.Padding.Resolve(planned.Input, conv.DilatedKernel, conv.Strides)), Pair(conv.Dilation), conv.Groups, conv.UseBias],
                Dense dense => ["dense", names[planned.Name], planned.Input.Channels, dense.Units, dense.UseBias],
                BatchNormalization norm => ["norm", names[planned.Name], planned.Input.Channels, planned.Input.IsFlat, norm.Epsilon],
                MaxPooling2D pool => ["max", Pair(pool.PoolSize), Pair(pool.Strides), Sides(pool.Padding.Resolve(planned.Input, pool.PoolSize, pool.Strides))],
                AveragePooling2D pool when pool.Padding.Resolve(planned.Input, pool.PoolSize, pool.Strides) == default =>
                    ["mean", Pair(pool.PoolSize), Pair(pool.Strides)],
                AdaptiveAveragePooling2D pool => ["adaptive", Pair(pool.OutputSize)],
                ZeroPadding2D padding => ["pad", Sides(padding.Sides)],
                LocalResponseNormalization lrn => ["lrn", lrn.Size, lrn.Alpha * lrn.Size, lrn.Beta, lrn.K],
                LeakyReLU leaky => ["leaky", leaky.NegativeSlope],
                ELU elu => ["elu", elu.Alpha],
                Flatten => ["flatten"],
                ActivationLayer layer => ["activation", $"{layer.Activation}"],
                Dropout => [],
                var other => throw new NotSupportedException($"{other.TypeName} has no words here."),
            };
            if (described.Length > 0)
                yield return described;
            if (planned.Layer is WeightedLayer { Activation: not Activation.Linear and var activation })
                yield return ["activation", $"{activation}"];
        }
    }

    private static int[] Pair(Size2D size) => [size.Height, size.Width];

    // In the order of torch.nn.functional.pad.
    private static int[] Sides(PaddingSides sides) => [sides.Left, sides.Right, sides.Top, sides.Bottom];

    private static float[] Score(TrainedModel model, byte[] pixels)
    {
        using var stream = new MemoryStream();
        OnnxExport.Create(model).WriteTo(stream);
        using var session = new InferenceSession(stream.ToArray());
        var side = model.Preprocessing.ImageSize;
        using var results = session.Run(
            [NamedOnnxValue.CreateFromTensor("Pixels", new DenseTensor<byte>(pixels, [Pictures, side, side, 3]))], ["Score"]);
        return [.. results[0].AsEnumerable<float>()];
    }
}
