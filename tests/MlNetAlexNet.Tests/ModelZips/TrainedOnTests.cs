using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.ModelZips;

/// <summary>What a model was trained on goes with it from file to file.</summary>
[TestClass]
public sealed class TrainedOnTests
{
    public static IEnumerable<string> Endings => ModelFile.Formats.SelectMany(format => format.Endings);

    [TestMethod]
    [DynamicData(nameof(Endings))]
    public void Read_WhatWasWritten_KnowsThePictures(string ending)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, $"a{ending}");
        ModelFile.Write(Model(), path);

        var read = ModelFile.Read(path, new() { Network = ModelFile.HoldsStack(path) ? null : Stack() }).Model;

        AssertKnown(read.TrainedOn);
        Assert.AreEqual(1, read.ChosenBy.Count);
        Assert.IsTrue(read.ChosenBy.Contains(new(9)));
        using var classifier = ImageClassifier.Load(read);
        AssertKnown(classifier.TrainedOn);
    }

    [TestMethod]
    public void Load_CopiesQuantizedAndWithOtherViews_KnowThePictures()
    {
        using var folder = new TemporaryFolder();
        var (zip, int8, copy) = (Name("a.zip"), Name("a-int8.zip"), Name("b.onnx"));
        ModelFile.Write(Model(), zip);
        ModelQuantization.Quantize(zip, [TinyModel.Pixels(Model(), new Random(1))], int8);
        Assert.IsTrue(ModelFile.TryCopyNetwork(int8, copy, ScoringViews.Mirrored));

        foreach (var path in (string[])[zip, int8, copy])
        {
            using var classifier = ImageClassifier.Open(path, new() { Views = ScoringViews.Mirrored }, out _);
            AssertKnown(classifier.TrainedOn);
        }

        string Name(string file) => Path.Combine(folder.Path, file);
    }

    private static void AssertKnown(PictureFingerprints pictures)
    {
        Assert.AreEqual(2, pictures.Count);
        Assert.IsTrue(pictures.Contains(new(7)) && pictures.Contains(new(ulong.MaxValue)));
    }

    private static TrainedModel Model() =>
        TinyModel.Of(Stack(), imageSize: 8, seed: 1) with
        {
            TrainedOn = PictureFingerprints.Collect([new(7), new(ulong.MaxValue)]),
            ChosenBy = PictureFingerprints.Collect([new(9)]),
        };

    private static Sequential Stack() => new(TensorShape.Image(8, 8, 3))
    {
        new Conv2D(2, 3), new BatchNormalization(), new ActivationLayer(Activation.Relu), new Flatten(),
        new Dense(3, Activation.Softmax),
    };
}
