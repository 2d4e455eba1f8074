using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Formats.Onnx;

/// <summary>Files of other programs' converters, scored by our own graph in ONNX Runtime.</summary>
[TestClass]
public sealed class ForeignNetworksTests(TestContext context)
{
    [TestMethod]
    [DynamicData(nameof(ForeignNetworks.Files), typeof(ForeignNetworks))]
    public void Read_FileOfAConverter_GivesTheFrameworksProbabilities(string folder, string file)
    {
        var read = ForeignNetworks.Read(folder, file);

        var probabilities = Score(TinyModel.ToOnnx(ForeignNetworks.ToClassifier(read)), ForeignNetworks.Pictures(folder));

        var largest = TorchNetworks.LargestDifference(probabilities, ForeignNetworks.Probabilities(folder, file));
        context.WriteLine(FormattableString.Invariant($"{file}: largest difference {largest:e1}"));
        Assert.IsLessThan(1e-5, largest);
        Assert.AreEqual(folder == "onnx" ? ModelOrigin.Keras : ModelOrigin.Torch, read.Origin);
    }

    [TestMethod]
    public void Read_Rescaling_IsWhatHappensToBytes()
    {
        var normalization = ForeignNetworks.Read("onnx", "keras2-rescaling.tf2onnx.onnx").Normalization!;

        Assert.AreEqual(127.5f, normalization.Mean[0], 1e-3f);
        Assert.AreEqual(127.5f, normalization.StandardDeviation[2], 1e-3f);
        StringAssert.Contains(normalization.Source, "rescaling/mul");
    }

    [TestMethod]
    public void Read_AlexNetOfTheModelZoo_ScoresAsOnnxRuntimeDoesOnTheFileItself()
    {
        var read = ForeignNetworks.Read("onnx", "model-zoo-bvlc-alexnet.onnx");
        var random = new Random(1);
        var pixels = new byte[224 * 224 * 3];
        random.NextBytes(pixels);
        var values = new DenseTensor<float>([1, 3, 224, 224]);
        for (var i = 0; i < pixels.Length; i++)
            values[0, i % 3, i / 3 / 224, i / 3 % 224] = pixels[i] / 255f;
        using var session = new InferenceSession(Expected.Onnx("model-zoo-bvlc-alexnet.onnx"));
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("data_0", values)]);

        var classifier = ForeignNetworks.ToClassifier(read with { Normalization = new([0, 0, 0], [255, 255, 255], "") });
        var probabilities = Score(TinyModel.ToOnnx(classifier), new NpyFile([1, 224, 224, 3], pixels));

        Assert.IsLessThan(1e-5, TorchNetworks.LargestDifference(probabilities, results[0].AsEnumerable<float>()));
        Assert.AreEqual(ModelOrigin.Caffe, read.Origin);
        Assert.AreEqual(2, read.Plan.Count(layer => layer.Layer is LocalResponseNormalization));
    }

    private static float[] Score(byte[] graph, NpyFile pictures)
    {
        using var session = new InferenceSession(graph);
        using var results = session.Run(
            [NamedOnnxValue.CreateFromTensor("Pixels", new DenseTensor<byte>(pictures.Bytes, pictures.Shape))], ["Score"]);
        return [.. results[0].AsEnumerable<float>()];
    }
}
