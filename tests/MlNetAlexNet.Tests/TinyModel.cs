using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests;

/// <summary>Networks small enough to be worked out by loops, with random weights and biases.</summary>
internal static class TinyModel
{
    /// <summary>A model for pictures of <paramref name="imageSize"/> pixels; classes a, b, c, ...</summary>
    public static TrainedModel Of(Sequential stack, int imageSize, int seed, int topK = 5)
    {
        var plan = stack.Plan();
        var random = new Random(seed);
        var weights = WeightInitializer.HeNormal(plan, random);
        foreach (var (key, weight) in weights)
        {
            // Biases, and a last layer ten times its small start, so that the scores are far from uniform.
            var factor = key.StartsWith(plan[^1].Name, StringComparison.Ordinal) ? 10 : 1;
            // Variances and their factors lie around 1.
            var middle = key.EndsWith("/gamma", StringComparison.Ordinal) || key.EndsWith("/moving_variance", StringComparison.Ordinal) ? 1 : 0;
            for (var i = 0; i < weight.Values.Length; i++)
            {
                weight.Values[i] = weight.Dimensions.Count == 1
                    ? middle + random.NextSingle() - 0.5f
                    : factor * weight.Values[i];
            }
        }

        var classes = Enumerable.Range(0, plan.Output.Channels).Select(i => ((char)('a' + i)).ToString()).ToArray();
        var preprocessing = plan.Input.Channels == 1
            ? new ImagePreprocessing(plan.Input.Height, [110], [60])
            : new ImagePreprocessing(plan.Input.Height, [120, 110, 100], [60, 50, 70]);
        return new TrainedModel(plan, weights, preprocessing with { ImageSize = imageSize }, classes, topK);
    }

    /// <summary>Random pixels of one picture.</summary>
    public static byte[] Pixels(TrainedModel model, Random random)
    {
        var pixels = new byte[model.Preprocessing.ImageSize * model.Preprocessing.ImageSize * 3];
        random.NextBytes(pixels);
        return pixels;
    }

    /// <summary>The model as an ONNX file in memory.</summary>
    public static byte[] ToOnnx(TrainedModel model)
    {
        using var stream = new MemoryStream();
        OnnxExport.Create(model).WriteTo(stream);
        return stream.ToArray();
    }
}
