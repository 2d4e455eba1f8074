using Microsoft.ML.OnnxRuntime;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Models;
using MlNetAlexNet.Quantization;

namespace MlNetAlexNet.Tests.Formats.Onnx;

/// <summary>Every kind of layer in the graphs that score, in floats and in 8 bits, against the loops.</summary>
[TestClass]
public sealed class OnnxLayerTests
{
    public static IEnumerable<Type> Kinds => LayerExamples.Kinds;

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void OnnxExport_EveryKindOfLayer_ScoresAsTheLoops(Type kind)
    {
        foreach (var model in LayerExamples.Models(kind))
            AssertScores(model, TinyModel.ToOnnx(model), tolerance: 1e-5);
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void OnnxInt8Export_EveryKindOfLayer_ScoresNearlyAsTheLoops(Type kind)
    {
        foreach (var model in LayerExamples.Models(kind))
        {
            var ranges = Calibration.Ranges(model, [LayerExamples.Pixels()], CancellationToken.None);
            using var graph = new MemoryStream();
            OnnxInt8Export.Create(model, ranges).WriteTo(graph);
            AssertScores(model, graph.ToArray(), tolerance: 0.1);
        }
    }

    private static void AssertScores(TrainedModel model, byte[] graph, double tolerance)
    {
        var (expected, side) = (ReferenceNetwork.Score(model, LayerExamples.Pixels()), model.Preprocessing.ImageSize);
        using var session = new InferenceSession(graph);
        using var pixels = OrtValue.CreateTensorValueFromMemory(LayerExamples.Pixels(), [1, side, side, 3]);
        using var options = new RunOptions();
        using var scores = session.Run(options, ["Pixels"], [pixels], [OnnxNames.Score]);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], scores[0].GetTensorDataAsSpan<float>()[i], tolerance, $"class {i}");
    }
}
