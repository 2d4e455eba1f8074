using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Tests.Formats.PyTorch;

namespace MlNetAlexNet.Tests.ModelZips;

/// <summary>What is assumed of files of other frameworks, and said.</summary>
[TestClass]
public sealed class ModelFileForeignTests
{
    private static readonly ImagePreprocessing s_imageNet = AlexNet.GetPreset("torchvision").Preprocessing!;

    [TestMethod]
    [DataRow("state_dict.pth")]
    [DataRow("export.onnx")]
    public void Read_TorchvisionsNetwork_HasImageNetsNormalizationAndSaysSo(string file)
    {
        var content = ModelFile.Read(Expected.Torch(file));

        Assert.IsFalse(content.HoldsClasses);
        CollectionAssert.AreEqual(s_imageNet.Mean.ToArray(), content.Model.Preprocessing.Mean.ToArray());
        CollectionAssert.AreEqual(s_imageNet.StandardDeviation.ToArray(), content.Model.Preprocessing.StandardDeviation.ToArray());
        Assert.AreEqual(256, content.Model.Preprocessing.ImageSize);
        CollectionAssert.Contains(content.Assumed.ToArray(), "a mean of 123.675,116.28,103.53 (torchvision)");
        Assert.AreEqual(file == "export.onnx", content.Assumed.Contains("a softmax over what the last layer gives"));
        Assert.AreEqual(file == "state_dict.pth", content.Assumed.Contains("torchvision's stack"));
    }

    [TestMethod]
    public void Read_Preset_BringsItsStackAndNormalizationWithTheClassesOfTheFile()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["a.pth", "a.safetensors", "a.weights.h5"])
        {
            var path = Path.Combine(folder.Path, name);
            var small = new ModelPreset("small", (classes, _) => Stack(24, classes))
            {
                Preprocessing = new ImagePreprocessing(24, [1, 2, 3], [4, 5, 6]),
            };
            Write(TinyModel.Of(Stack(24, classes: 7), 24, seed: 1), path);

            var content = ModelFile.Read(path, new() { Preset = small, Mean = [7, 8, 9] });

            Assert.HasCount(7, content.Model.Classes, name);
            CollectionAssert.AreEqual(new float[] { 7, 8, 9 }, content.Model.Preprocessing.Mean.ToArray());
            CollectionAssert.AreEqual(new float[] { 4, 5, 6 }, content.Model.Preprocessing.StandardDeviation.ToArray());
            CollectionAssert.Contains(content.Assumed.ToArray(), "a deviation of 4,5,6 (small)");
        }
    }

    [TestMethod]
    [DataRow("a.keras", 24, 24, "pictures squashed to 24x24 (Keras)")]
    [DataRow("a.h5", 224, 224, "pictures squashed to 224x224 (Keras)")]
    [DataRow("a.weights.h5", 24, 24, "pictures squashed to 24x24 (Keras)")]
    [DataRow("a/model.json", 24, 24, "pictures squashed to 24x24 (Keras)")]
    [DataRow("a.pth", 24, 24, "pictures cropped to 24x24 (torchvision)")]
    [DataRow("a.safetensors", 199, 199, "pictures cropped to 199x199 (torchvision)")]
    [DataRow("a.pth", 200, 256, "pictures cropped to 256x256, of that the middle 200x200 (torchvision)")]
    [DataRow("a.pth", 256, 256, "pictures cropped to 256x256 (torchvision)")]
    [DataRow("a.pth", 300, 300, "pictures cropped to 300x300 (torchvision)")]
    public void Read_NetworkOfAFramework_GetsPicturesAsThereAndSaysSo(string name, int side, int imageSize, string said)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);
        Write(TinyModel.Of(Stack(side), imageSize: 300, seed: 1), path);

        var content = ModelFile.Read(path, new() { Network = ModelFile.HoldsStack(path) ? null : Stack(side) });

        var pictures = content.Model.Preprocessing;
        Assert.AreEqual(imageSize, pictures.ImageSize);
        Assert.AreEqual(
            said.Contains("squashed") ? ImageResizeMode.Squash : ImageResizeMode.Crop, pictures.ResizeMode);
        CollectionAssert.Contains(content.Assumed.ToArray(), said);
        using var classifier = ImageClassifier.Load(content.Model);
        Assert.HasCount(3, classifier.Classify(ColourModel.Draw(folder.Path, "p.png", SkiaSharp.SKColors.Coral)).Score);
    }

    [TestMethod]
    public void Read_PicturesThatAreGiven_AreNotAssumed()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.keras");
        Write(TinyModel.Of(Stack(24), imageSize: 24, seed: 1), path);

        var content = ModelFile.Read(path, new() { ResizeMode = ImageResizeMode.Pad, ImageSize = 32 });

        Assert.AreEqual(
            (32, 24, ImageResizeMode.Pad),
            (content.Preprocessing!.ImageSize, content.Preprocessing.CropSize, content.Preprocessing.ResizeMode));
        Assert.DoesNotContain(text => text.StartsWith("pictures", StringComparison.Ordinal), content.Assumed);
    }

    [TestMethod]
    [DataRow("a.zip")]
    [DataRow("a.onnx")]
    [DataRow("a.json")]
    [DataRow("a.h5")]
    [DataRow("a.keras")]
    public void Read_StackForAFileThatHoldsOne_IsRefused(string name)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);
        ModelFile.Write(TinyModel.Of(Stack(24), 24, seed: 1), path);

        foreach (var options in (ModelFileOptions[])[new() { Network = Stack(24) }, new() { Preset = AlexNet.GetPreset("keras") }])
        {
            StringAssert.Contains(
                Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path, options)).Message, "a stack of its own");
        }
    }

    [TestMethod]
    public void Read_TensorsOfOtherNames_SaysThatItTookTheirOrder()
    {
        using var folder = new TemporaryFolder();
        var stack = new Sequential(TensorShape.Image(1, 1, 3)) { new Flatten(), new Dense(4), new Dense(2) };
        var path = StateDictFile.Write(folder, ("a.weight", [4, 3]), ("a.bias", [4]), ("b.weight", [2, 4]), ("b.bias", [2]));

        var assumed = ModelFile.Read(path, new() { Network = stack }).Assumed;

        CollectionAssert.Contains(assumed.ToArray(), "the tensors in the order of the file");
    }

    [TestMethod]
    public void Convert_TorchvisionThroughKeras_KeepsItsNamesAndNormalization()
    {
        using var folder = new TemporaryFolder();
        var (keras, back) = (Path.Combine(folder.Path, "a.keras"), Path.Combine(folder.Path, "b.pth"));
        var first = ModelFile.Read(Expected.Torch("state_dict.pth"));
        Write(first.Model, keras);
        var second = ModelFile.Read(keras);
        ModelFile.Write(second.Model, back);

        var read = PyTorchFile.Read(back); // without a stack: by torchvision's names

        CollectionAssert.AreEqual(first.Model.Preprocessing.Mean.ToArray(), second.Model.Preprocessing.Mean.ToArray());
        CollectionAssert.AreEqual(
            first.Model.Weights.Select(weight => weight.Value.Values[0]).Order().ToArray(),
            read.Weights.Select(weight => weight.Value.Values[0]).Order().ToArray());
    }

    [TestMethod]
    public void Read_LayersCalledAsPartsOfTheGraph_AreRenamed()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.keras");
        var stack = new Sequential(TensorShape.Image(4, 4, 3))
        {
            new Flatten { Name = "crop" }, new Dense(3) { Name = "mean_1" }, new Dense(3) { Name = "mean" },
            new Dense(3, Activation.Softmax) { Name = "Score" },
        };
        KerasFile.Write(stack.Plan(), WeightInitializer.HeNormal(stack.Plan(), new Random(1)), path);

        var model = ModelFile.Read(path).Model;

        CollectionAssert.AreEqual(
            new[] { "crop_1", "mean_1", "mean_2", "Score_1" }, model.Plan.Select(layer => layer.Name).ToArray());
        using var classifier = ImageClassifier.Load(model);
    }

    [TestMethod]
    public void Taken_IsEveryNameInTheGraphThatScores()
    {
        var (colour, grey) = (Model(channels: 3), Model(channels: 1)); // grey has a name of its own, as has a mean image
        var centred = new TrainedModel(
            colour.Plan, colour.Weights, colour.Preprocessing.WithMeanImage(new float[3 * 24 * 24]), colour.Classes);
        TrainedModel[] models = [colour, grey, centred, colour.WithViews(ScoringViews.Mirrored)];
        var names = models.SelectMany(model =>
        {
            var graph = OnnxSkeleton.ParseWhole(new MemoryStream(TinyModel.ToOnnx(model))).Graph;
            var own = model.Plan.Select(layer => layer.Name).ToHashSet();
            return graph.Node.Select(node => node.Name).Concat(graph.Node.SelectMany(node => node.Output))
                .Concat(graph.Initializer.Select(tensor => tensor.Name)).Concat(graph.Input.Select(input => input.Name))
                .Where(name => !name.Contains('/') && !own.Contains(name));
        }).Distinct().Order();

        CollectionAssert.AreEqual(OnnxNames.Taken.Order().ToArray(), names.ToArray());

        static TrainedModel Model(int channels) => TinyModel.Of(
            new(TensorShape.Image(24, 24, channels)) { new Flatten(), new Dense(2, Activation.Softmax) }, 24, seed: 1);
    }

    // As the framework itself would write it, with nothing beside it.
    private static void Write(TrainedModel model, string path)
    {
        ModelFile.Write(model, path);
        File.Delete(ModelFile.FindBeside(path)!);
    }

    private static Sequential Stack(int side, int classes = 3) => new(TensorShape.Image(side, side, 3))
    {
        new Conv2D(2, 3, strides: 4, activation: Activation.Relu), new MaxPooling2D(4), new Flatten(),
        new Dense(classes, Activation.Softmax),
    };
}
