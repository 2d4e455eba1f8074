using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Formats.TensorFlowJs;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Files that Keras wrote, and ours.</summary>
[TestClass]
public sealed class KerasFileTests(TestContext context)
{
    public static IEnumerable<string> Files => KerasNetworks.Files;

    public static IEnumerable<string> Endings => [".h5", ".weights.h5", ".keras"];

    [TestMethod]
    [DynamicData(nameof(Files))]
    [DynamicData(nameof(KerasNetworks.FilesOfOtherLayers), typeof(KerasNetworks))]
    public void Read_OfAFileOfKeras_GivesItsProbabilities(string file)
    {
        var model = Import(file);

        AssertProbabilities(file, model, KerasNetworks.Pictures(file), KerasNetworks.Probabilities(file));
    }

    [TestMethod]
    [DataRow("plain", "x99.npy")]
    [DataRow("softmax_layer-uint8", "x99b.npy")]
    public void Read_OfAModelOfTensorFlowJs_GivesItsProbabilities(string folder, string pictures)
    {
        var model = TensorFlowJsModel.Read(Path.Combine(Expected.TensorFlowJs(folder), "model.json"));

        var theirs = NpyFile.Read(Expected.TensorFlowJs($"{folder}.y.npy")).Floats;
        AssertProbabilities(folder, model, NpyFile.Read(Expected.Keras(pictures)), theirs);
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Write_OfAFileOfKeras_ReadsBackBitForBit(string file)
    {
        var model = Import(file);
        using var folder = new TemporaryFolder();
        foreach (var ending in Endings)
        {
            var path = Path.Combine(folder.Path, "model" + ending);
            KerasFile.Write(model.Plan, model.Weights, path);

            var read = ending == ".weights.h5" ? KerasFile.ReadWeights(path, model.Plan) : KerasFile.Read(path);

            CollectionAssert.AreEqual(model.Plan.Select(layer => layer.Layer).ToArray(), read.Plan.Select(layer => layer.Layer).ToArray());
            Assert.IsEmpty(read.Ignored);
            foreach (var (key, weight) in model.Weights)
                CollectionAssert.AreEqual(weight.Values, read.Weights[key].Values, $"{ending} {key}");
        }

        Assert.HasCount(3, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Read_OfATrainedModel_SaysWhatItIgnored()
    {
        CollectionAssert.AreEquivalent(
            new[] { "training_config", "optimizer_weights" }, KerasFile.Read(Expected.Keras("keras2-plain.h5")).Ignored.ToArray());
        CollectionAssert.AreEquivalent(new[] { "optimizer" }, KerasFile.Read(Expected.Keras("keras3-plain.keras")).Ignored.ToArray());
    }

    [TestMethod]
    public void ReadWeights_OfAStackWithOtherNames_TakesThemInOrder()
    {
        var model = KerasFile.Read(Expected.Keras("keras2-plain.h5"));
        var plan = model.Plan.Rewrite(layer => layer.Layer with { Name = $"my_{layer.Name}" });

        foreach (var file in (string[])["keras2-plain.h5", "keras2-plain.weights.h5"])
        {
            var read = KerasFile.ReadWeights(Expected.Keras(file), plan);
            foreach (var (key, weight) in model.Weights)
                CollectionAssert.AreEqual(weight.Values, read.Weights[$"my_{key}"].Values, key);
        }
    }

    [TestMethod]
    public void ReadWeights_OfAnotherShape_NamesBoth()
    {
        var plan = KerasFile.Read(Expected.Keras("keras3-plain.keras")).Plan
            .Rewrite(layer => layer.Layer is Dense { Units: 10 } last ? last with { Units = 12 } : layer.Layer);

        foreach (var file in (string[])["keras3-plain.weights.h5", "keras3-plain.h5", "keras3-plain.keras"])
        {
            var fault = Assert.ThrowsExactly<AlexNetException>(() => KerasFile.ReadWeights(Expected.Keras(file), plan));
            StringAssert.Contains(fault.Message, "dense_2/kernel");
        }
    }

    [TestMethod]
    public void Read_OfWeightsAlone_AsksForTheStack()
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(() => KerasFile.Read(Expected.Keras("keras3-plain.weights.h5")));

        StringAssert.Contains(fault.Message, "no configuration");
    }

    private static ModelFileContent Import(string file) => file.EndsWith(".weights.h5", StringComparison.Ordinal)
        ? KerasFile.ReadWeights(
            Expected.Keras(file), KerasFile.Read(Expected.Keras($"{KerasNetworks.NameOf(file)}.h5")).Plan)
        : KerasFile.Read(Expected.Keras(file));

    private void AssertProbabilities(string file, ModelFileContent model, NpyFile pictures, float[] theirs)
    {
        var largest = Score(model, pictures).Zip(theirs, (our, their) => Math.Abs(our - their)).Max();

        context.WriteLine(FormattableString.Invariant($"{file}: largest difference {largest:e1}"));
        Assert.IsLessThan(1e-5f, largest);
    }

    private static float[] Score(ModelFileContent model, NpyFile pictures)
    {
        var side = model.Plan.Input.Height;
        using var graph = new MemoryStream();
        var classes = Enumerable.Range(0, model.Plan.Output.Channels).Select(i => $"class {i}").ToArray();
        OnnxExport.Create(new TrainedModel(model.Plan, model.Weights, KerasNetworks.Preprocessing(side), classes))
            .WriteTo(graph);
        using var session = new InferenceSession(graph.ToArray());
        var input = NamedOnnxValue.CreateFromTensor("Pixels", new DenseTensor<byte>(pictures.Bytes, pictures.Shape));
        using var results = session.Run([input], ["Score"]);
        return [.. results[0].AsEnumerable<float>()];
    }

    [TestMethod]
    public void Write_WeightsAloneOfALayerThatKerasLacks_ComeBack()
    {
        var stack = new Sequential(TensorShape.Image(4, 4, 3))
        {
            new Conv2D(2, 3), new LocalResponseNormalization(), new Flatten(), new Dense(3),
        };
        var (plan, weights) = (stack.Plan(), WeightInitializer.HeNormal(stack.Plan(), new Random(1)));
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.weights.h5");

        KerasFile.Write(plan, weights, path);

        SameWeights.Assert(weights, KerasFile.ReadWeights(path, plan).Weights);
    }
}
