using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetAlexNet.Models;
using Onnx;

namespace MlNetAlexNet.Tests;

/// <summary>What goes into the softmax of an exported graph, from ONNX Runtime.</summary>
internal static class OnnxLogits
{
    public static float[] Of(TrainedModel model, NpyFile pictures)
    {
        var graph = ModelProto.Parser.ParseFrom(TinyModel.ToOnnx(model));
        var logits = graph.Graph.Node.Single(node => node.OpType == "Softmax").Input[0];
        graph.Graph.Output.Add(new ValueInfoProto { Name = logits });
        using var session = new InferenceSession(graph.ToByteArray());
        var input = NamedOnnxValue.CreateFromTensor("Pixels", new DenseTensor<byte>(pictures.Bytes, pictures.Shape));
        using var results = session.Run([input], [logits]);
        return [.. results[0].AsEnumerable<float>()];
    }
}
