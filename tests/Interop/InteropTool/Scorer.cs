using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using Onnx;

namespace MlNetAlexNet.InteropTool;

/// <summary>What our exported graph gives for pictures.</summary>
internal static class Scorer
{
    /// <summary>
    /// What a network gives for pictures given as bytes. It gets what its own layers before it make of x, or else x / 255.
    /// </summary>
    public static float[] Outputs(ModelFileContent model, byte[] pictures)
    {
        var (mean, deviation) = model.Normalization is { } own
            ? (own.Mean, own.StandardDeviation)
            : (Each(0), Each(255));
        var preprocessing = new ImagePreprocessing(model.Plan.Input.Height, mean, deviation);
        var logits = Logits(model, preprocessing, model.Plan.Input.Channels == 1 ? ToRgb(pictures) : pictures);
        return model.Plan[^1].Layer switch
        {
            Dense { Activation: Activation.Linear } => logits,
            Dense { Activation: Activation.Sigmoid } => [.. logits.Select(logit => 1 / (1 + MathF.Exp(-logit)))],
            _ => [.. logits.Chunk(model.Plan.Output.Channels).SelectMany(Softmax)],
        };

        float[] Each(float number) => [.. Enumerable.Repeat(number, model.Plan.Input.Channels)];
    }

    // Grey as our graphs take it, three times the same; its luminance is that value again.
    private static byte[] ToRgb(byte[] grey) => [.. grey.SelectMany(value => Enumerable.Repeat(value, 3))];

    /// <summary>Logits of pictures given as bytes, which are normalized as torchvision does.</summary>
    public static float[] Logits(ModelFileContent model, byte[] pictures) => Logits(
        model,
        new ImagePreprocessing(
            model.Plan.Input.Height,
            [0.485f * 255, 0.456f * 255, 0.406f * 255],
            [0.229f * 255, 0.224f * 255, 0.225f * 255]),
        pictures);

    private static float[] Logits(ModelFileContent model, ImagePreprocessing preprocessing, byte[] pictures)
    {
        var plan = model.Plan.Rewrite(planned => planned == model.Plan[^1] && planned.Layer is Dense last
            ? last with { Activation = Activation.Softmax }
            : planned.Layer);
        var graph = ToOnnx(plan, model.Weights, preprocessing);
        var logits = graph.Graph.Node.Single(node => node.OpType == "Softmax").Input[0];
        graph.Graph.Output.Add(new ValueInfoProto { Name = logits });
        return Run(graph, logits, plan, pictures);
    }

    private static IEnumerable<float> Softmax(float[] logits)
    {
        var sum = logits.Sum(logit => Math.Exp(logit));
        return logits.Select(logit => (float)(Math.Exp(logit) / sum));
    }

    private static ModelProto ToOnnx(LayerPlan plan, WeightSet weights, ImagePreprocessing preprocessing)
    {
        var classes = Enumerable.Range(0, plan.Output.Channels).Select(i => $"class {i}").ToArray();
        using var stream = new MemoryStream();
        var model = new TrainedModel(
            plan, weights, preprocessing with { ImageSize = preprocessing.CropSize }, classes);
        OnnxExport.Create(model).WriteTo(stream);
        stream.Position = 0;
        return ModelProto.Parser.ParseFrom(stream);
    }

    private static float[] Run(ModelProto graph, string output, LayerPlan plan, byte[] pictures)
    {
        var side = plan.Input.Height;
        using var session = new InferenceSession(graph.ToByteArray());
        var input = NamedOnnxValue.CreateFromTensor(
            "Pixels", new DenseTensor<byte>(pictures, [pictures.Length / (side * side * 3), side, side, 3]));
        using var results = session.Run([input], [output]);
        return [.. results[0].AsEnumerable<float>()];
    }
}
