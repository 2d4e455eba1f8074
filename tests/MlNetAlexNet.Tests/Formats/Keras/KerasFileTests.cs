using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.TensorFlowJs;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Files that Keras wrote, and ours.</summary>
[TestClass]
public sealed class KerasFileTests(TestContext context)
{
    public static IEnumerable<string> Files => KerasNetworks.Files;

    // Keras has no words for response normalization, and global pooling is written as windows of the whole picture.
    public static IEnumerable<string> Others => KerasNetworks.FilesOfOthers.Where(file =>
        !file.Contains("lrn", StringComparison.Ordinal) && !file.Contains("global", StringComparison.Ordinal));

    public static IEnumerable<string> Endings => [".h5", ".weights.h5", ".keras"];

    [TestMethod]
    [DynamicData(nameof(Files))]
    [DynamicData(nameof(KerasNetworks.FilesOfOthers), typeof(KerasNetworks))]
    public void Read_OfAFileOfKeras_GivesItsOutputs(string file)
    {
        var model = KerasImport.Read(file);

        AssertOutputs(file, model, KerasNetworks.Pictures(file), KerasNetworks.Outputs(file));
    }

    [TestMethod]
    [DataRow("plain", "x99.npy")]
    [DataRow("bn_after_pool", "x99b.npy")]
    [DataRow("softmax_layer-uint8", "x99b.npy")]
    public void Read_OfAModelOfTensorFlowJs_GivesItsProbabilities(string folder, string pictures)
    {
        var model = TensorFlowJsModel.Read(Path.Combine(Expected.TensorFlowJs(folder), "model.json"));

        var theirs = NpyFile.Read(Expected.TensorFlowJs($"{folder}.y.npy")).Floats;
        AssertOutputs(folder, model, NpyFile.Read(Expected.Keras(pictures)), theirs);
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    [DynamicData(nameof(Others))]
    public void Write_OfAFileOfKeras_ReadsBackBitForBit(string file)
    {
        var model = KerasImport.Read(file);
        using var folder = new TemporaryFolder();
        foreach (var ending in Endings)
        {
            var path = Path.Combine(folder.Path, "model" + ending);
            KerasFormat.Rows.ChooseByEnding(path).Write(model, path, true);

            var read = ending == ".weights.h5" ? KerasFile.ReadWeights(path, model.Plan) : KerasFile.Read(path);

            if (ending != ".weights.h5")
            {
                CollectionAssert.AreEqual(model.Normalization?.Mean.ToArray(), read.Normalization?.Mean.ToArray());
                CollectionAssert.AreEqual(
                    model.Normalization?.StandardDeviation.ToArray(), read.Normalization?.StandardDeviation.ToArray());
            }

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

    private void AssertOutputs(string file, ModelFileContent model, NpyFile pictures, float[] theirs)
    {
        var ours = Score(model, pictures);

        Assert.HasCount(theirs.Length, ours);
        var largest = ours.Zip(theirs, (our, their) => Math.Abs(our - their)).Max();
        context.WriteLine(FormattableString.Invariant($"{file}: largest difference {largest:e1}"));
        Assert.IsLessThan(1e-5f, largest);
    }

    // What a scoring graph has before its softmax, and then what the network itself ends in.
    private static float[] Score(ModelFileContent model, NpyFile pictures)
    {
        var plan = model.Plan.Rewrite(planned => planned == model.Plan[^1] && planned.Layer is Dense last
            ? last with { Activation = Activation.Softmax }
            : planned.Layer);
        var classes = Enumerable.Range(0, plan.Output.Channels).Select(i => $"class {i}").ToArray();
        var logits = OnnxLogits.Of(
            new TrainedModel(plan, model.Weights, KerasNetworks.Preprocessing(plan, model.Normalization), classes), pictures);
        return model.Plan[^1].Layer switch
        {
            Dense { Activation: Activation.Linear } => logits,
            Dense { Activation: Activation.Sigmoid } => [.. logits.Select(logit => 1 / (1 + MathF.Exp(-logit)))],
            _ => [.. logits.Chunk(classes.Length).SelectMany(Softmax)],
        };
    }

    private static IEnumerable<float> Softmax(float[] logits)
    {
        var sum = logits.Sum(logit => Math.Exp(logit));
        return logits.Select(logit => (float)(Math.Exp(logit) / sum));
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

    // Normalized by a layer of its own, whose numbers are one for each channel, here one.
    [TestMethod]
    [DataRow("model.keras")]
    [DataRow("model.h5")]
    [DataRow("model.json")]
    public void Write_OfOneChannel_ReadsBackBitForBit(string file)
    {
        var plan = new Sequential(TensorShape.Image(6, 6, 1))
        {
            new Conv2D(2, 3), new BatchNormalization(), new Flatten(), new Dense(3, Activation.Softmax),
        }.Plan();
        var model = new ModelFileContent(plan, WeightInitializer.HeNormal(plan, new Random(1)), Ignored: [])
        {
            Normalization = new([110], [57.375f], "the model"),
        };
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, file);
        var format = ModelFile.ChooseFormat(path);

        format.Write(model, path, false);
        var read = format.Read(path, new KnownOfModel());

        Assert.AreEqual(plan.Input, read.Plan.Input);
        SameWeights.Assert(model.Weights, read.Weights);
        CollectionAssert.AreEqual(new[] { 110f }, read.Normalization!.Mean.ToArray());
        CollectionAssert.AreEqual(new[] { 57.375f }, read.Normalization.StandardDeviation.ToArray());
    }
}
