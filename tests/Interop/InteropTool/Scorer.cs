using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using Onnx;

namespace MlNetAlexNet.InteropTool;

/// <summary>What our exported graph gives for pictures.</summary>
internal static class Scorer
{
    /// <summary>Probabilities of pictures given as bytes; the network gets x / 255.</summary>
    public static float[] Score(LayerPlan plan, WeightSet weights, byte[] pictures) => Run(
        ToOnnx(plan, weights, new ImagePreprocessing(plan.Input.Height, [0, 0, 0], [255, 255, 255])), "Score", plan, pictures);

    /// <summary>Logits of pictures given as bytes, which are normalized as torchvision does.</summary>
    public static float[] Logits(ModelFileContent model, byte[] pictures)
    {
        var plan = model.Plan.Rewrite(planned => planned == model.Plan[^1] && planned.Layer is Dense last
            ? last with { Activation = Activation.Softmax }
            : planned.Layer);
        var graph = ToOnnx(plan, model.Weights, new ImagePreprocessing(
            plan.Input.Height,
            [0.485f * 255, 0.456f * 255, 0.406f * 255],
            [0.229f * 255, 0.224f * 255, 0.225f * 255]));
        var logits = graph.Graph.Node.Single(node => node.OpType == "Softmax").Input[0];
        graph.Graph.Output.Add(new ValueInfoProto { Name = logits });
        return Run(graph, logits, plan, pictures);
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
