using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.InteropTool;

/// <summary>What our exported graph gives for pictures.</summary>
internal static class Scorer
{
    /// <summary>Probabilities of pictures given as bytes; the network gets x / 255.</summary>
    public static float[] Score(LayerPlan plan, WeightSet weights, byte[] pictures)
    {
        var side = plan.Input.Height;
        var classes = Enumerable.Range(0, plan.Output.Channels).Select(i => $"class {i}").ToArray();
        var preprocessing = new ImagePreprocessing(side, [0, 0, 0], [255, 255, 255]) { ImageSize = side };
        using var graph = new MemoryStream();
        OnnxExport.Write(new TrainedModel(plan, weights, preprocessing, classes), "Pixels", graph);
        using var session = new InferenceSession(graph.ToArray());
        var input = NamedOnnxValue.CreateFromTensor(
            "Pixels", new DenseTensor<byte>(pictures, [pictures.Length / (side * side * 3), side, side, 3]));
        using var results = session.Run([input], ["Score"]);
        return [.. results[0].AsEnumerable<float>()];
    }
}
