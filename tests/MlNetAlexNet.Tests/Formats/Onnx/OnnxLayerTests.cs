using Microsoft.ML.OnnxRuntime;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;
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
            var calibrated = Calibration.Measure(model, [LayerExamples.Pixels()]);
            using var graph = new MemoryStream();
            OnnxInt8Export.Create(model, calibrated).WriteTo(graph);
            AssertScores(model, graph.ToArray(), tolerance: 0.1);
        }
    }

    public static IEnumerable<Layer> Poolings => [new MaxPooling2D(2), new AveragePooling2D(2), new MaxPooling2D(1, strides: 2)];

    // ONNX Runtime would work the padding into the pooling, which may not have so much.
    [TestMethod]
    [DynamicData(nameof(Poolings))]
    public void OnnxExport_PoolingOfWidePadding_ScoresAsTheLoopsAndComesBack(Layer pooling)
    {
        var stack = new Sequential(TensorShape.Image(8, 8, 3))
        {
            new ZeroPadding2D(3, 0, 2, 5), new Dropout(0.5), pooling, new Flatten(), new Dense(3, Activation.Softmax),
        };
        var model = TinyModel.Of(stack, imageSize: 8, seed: 1);
        var onnx = TinyModel.ToOnnx(model);

        AssertScores(model, onnx, tolerance: 1e-5);
        CollectionAssert.AreEqual(
            model.Plan.Select(layer => layer.Layer).ToArray(),
            OnnxImport.Read(new MemoryStream(onnx)).Plan.Select(layer => layer.Layer).ToArray());
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
