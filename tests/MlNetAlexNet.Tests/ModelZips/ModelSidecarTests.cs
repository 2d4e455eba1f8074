using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.ModelZips;

/// <summary>What a file cannot hold of a model is beside it.</summary>
[TestClass]
public sealed class ModelSidecarTests
{
    public static IEnumerable<string> Files => ["a.pth", "a.safetensors", "a.h5", "a.weights.h5", "a.keras", "a/model.json"];

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Write_ForeignFileAndBack_IsTheSameModel(string name)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);
        var model = Model();
        ModelFile.Write(model, path);

        var read = ModelFile.Read(path, new() { Network = ModelFile.HoldsStack(path) ? null : Stack() });

        Assert.IsEmpty(read.Assumed);
        CollectionAssert.AreEqual(model.Classes.ToArray(), read.Model.Classes.ToArray());
        Assert.AreEqual(2, read.Model.TopK);
        Assert.AreEqual(model.Preprocessing.Form, read.Model.Preprocessing.Form);
        CollectionAssert.AreEqual(model.Preprocessing.Mean.ToArray(), read.Model.Preprocessing.Mean.ToArray());
        CollectionAssert.AreEqual(
            model.Preprocessing.StandardDeviation.ToArray(), read.Model.Preprocessing.StandardDeviation.ToArray());
        using var expected = ImageClassifier.Load(model);
        using var actual = ImageClassifier.Load(read.Model);
        var picture = ColourModel.Draw(folder.Path, "p.png", SkiaSharp.SKColors.Coral, width: 50, height: 30);
        CollectionAssert.AreEqual(expected.Classify(picture).Score, actual.Classify(picture).Score);
    }

    [TestMethod]
    [DataRow("a.pth")]
    [DataRow("a.safetensors")]
    [DataRow("a.weights.h5")]
    public void Write_WeightsAloneAndBack_NeedsNoStack(string name)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);
        var model = TinyModel.Of(new(TensorShape.Image(20, 20, 3))
        {
            new Conv2D(6, 3, strides: 2, padding: Padding.Explicit(1, 0, 1, 0)), new BatchNormalization(), new LeakyReLU(0.2),
            new AdaptiveAveragePooling2D(5), new Flatten(), new Dropout(0.3), new Dense(3, Activation.Softmax),
        }, imageSize: 24, seed: 5);
        ModelFile.Write(model, path);

        var read = ModelFile.Read(path);

        Assert.IsEmpty(read.Assumed);
        CollectionAssert.AreEquivalent(model.Weights.Keys.ToArray(), read.Weights.Keys.ToArray());
        foreach (var (key, weight) in model.Weights)
            CollectionAssert.AreEqual(weight.Values, read.Weights[key].Values, key);
        Assert.AreEqual(0.3, ((Dropout)read.Plan.Single(layer => layer.Layer is Dropout).Layer).Rate);
        using var expected = ImageClassifier.Load(model);
        using var actual = ImageClassifier.Load(read.Model);
        var picture = ColourModel.Draw(folder.Path, "p.png", SkiaSharp.SKColors.Coral, width: 50, height: 30);
        CollectionAssert.AreEqual(expected.Classify(picture).Score, actual.Classify(picture).Score);
    }

    [TestMethod]
    public void Read_WeightsOfAnotherStackThanTheOneBesideThem_SaysWhoseItIs()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.pth");
        var other = new Sequential(TensorShape.Image(20, 20, 3)) { new Flatten(), new Dense(3, Activation.Softmax) };
        ModelFile.Write(TinyModel.Of(other, 24, seed: 1), path);
        File.Copy($"{path}.json", Path.Combine(folder.Path, "other.json"));
        ModelFile.Write(Model(), path);
        File.Copy(Path.Combine(folder.Path, "other.json"), $"{path}.json", overwrite: true);

        StringAssert.EndsWith(
            Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path)).Message,
            $"The stack is that of '{path}.json'; give another, or delete that file.");
        Assert.HasCount(3, ModelFile.Read(path, new() { Network = Stack() }).Plan);
    }

    [TestMethod]
    public void Write_WeightsOfLayersThatKerasLacks_LeavesTheStackOut()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.pth");
        var stack = new Sequential(TensorShape.Image(20, 20, 3))
        {
            new LocalResponseNormalization(), new Flatten(), new Dense(3, Activation.Softmax),
        };

        ModelFile.Write(TinyModel.Of(stack, 24, seed: 1), path);

        Assert.DoesNotContain("\"stack\"", File.ReadAllText($"{path}.json"));
        Assert.AreEqual(24, ModelFile.Read(path, new() { Network = stack }).Preprocessing!.ImageSize);
    }

    [TestMethod]
    public void Write_BesideAFile_IsReadablePlainText()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.keras");

        ModelFile.Write(Model(), path);

        Assert.AreEqual(
            """
            {
              "format": "MlNetAlexNet 1",
              "imageSize": 24,
              "cropSize": 20,
              "resizeMode": "pad",
              "channelOrder": "rgb",
              "mean": [
                120,
                110.5,
                100
              ],
              "standardDeviation": [
                60,
                50,
                70
              ],
              "classes": [
                "Kürbis",
                "b",
                "c"
              ],
              "topK": 2
            }
            """,
            File.ReadAllText($"{path}.json"));
    }

    [TestMethod]
    public void Read_OptionsBesideTheFile_GoBeforeIt()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.keras");
        ModelFile.Write(Model(), path);

        var read = ModelFile.Read(path, new()
        {
            Mean = [0.5f], StandardDeviation = [0.25f], ResizeMode = ImageResizeMode.Crop, ImageSize = 30,
            Classes = ["c", "Kürbis", "b"],
        });

        CollectionAssert.AreEqual(new[] { 127.5f, 127.5f, 127.5f }, read.Preprocessing!.Mean.ToArray());
        Assert.AreEqual(new PictureForm(30, ImageResizeMode.Crop), read.Preprocessing.Form);
        CollectionAssert.AreEqual(new[] { "c", "Kürbis", "b" }, read.Model.Classes.ToArray());
        CollectionAssert.AreEqual(
            new[] { "mean and deviation of values from 0 to 1, times 255", "the outputs in the order of the classes given" },
            read.Assumed.ToArray());
    }

    [TestMethod]
    [DataRow("""{"format": "MlNetAlexNet 1", "mean": [1, 2]}""", "Mean is 1, 2")]
    [DataRow("""{"format": "MlNetAlexNet 1", "standardDeviation": [0]}""", "StandardDeviation is 0")]
    [DataRow("""{"format": "MlNetAlexNet 1", "imageSize": 2000000000}""", "ImageSize is 2000000000")]
    [DataRow("""{"format": "MlNetAlexNet 1", "imageSize": 10, "cropSize": 20}""", "CropSize is 20")]
    [DataRow("""{"format": "MlNetAlexNet 1", "topK": 0}""", "TopK is 0")]
    [DataRow("""{"format": "MlNetAlexNet 1", "classes": ["a", "b", "a"]}""", "the same name")]
    [DataRow("""{"format": "MlNetAlexNet 1", "classes": ["a", "b", null]}""", "no name")]
    [DataRow("""{"format": "MlNetAlexNet 1", "classes": ["a", "b"]}""", "2 classes, and the network beside it has 3 outputs")]
    [DataRow("""{"format": "MlNetAlexNet 1", "cropSize": 21}""", "an input of 21 pixels")]
    [DataRow("""{"format": "MlNetAlexNet 1", "resizeMode": "stretch"}""", "resizeMode")]
    [DataRow("""{"format": "MlNetAlexNet 1", "resizeMode": 1}""", "resizeMode")]
    [DataRow("""{"format": "MlNetAlexNet 1", "size": 20}""", "size")]
    [DataRow("""{"format": "MlNetAlexNet 1", "stack": 3}""", "cannot be read")]
    [DataRow("""{"format": "MlNetAlexNet 1", "stack": {"class_name": "Sequential", "config": {"layers": []}}}""", "has no layers")]
    [DataRow("""{"format": "MlNetAlexNet 1", "topK": 1, "topK": 2}""", "topK")]
    [DataRow("""{"format": "MlNetAlexNet 2"}""", "this version reads 'MlNetAlexNet 1'")]
    [DataRow("""{"format": "MlNetAlexNet 1", "mean": [1, 2,""", "cannot be read")]
    [DataRow("no JSON", "cannot be read")]
    [DataRow("", "cannot be read")]
    public void Read_WhatCannotBeBesideIt_IsRefusedByItsName(string json, string why)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.keras");
        ModelFile.Write(Model(), path);
        File.WriteAllText($"{path}.json", json);

        var message = Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path)).Message;

        StringAssert.Contains(message, $"'{path}.json'");
        StringAssert.Contains(message, why);
    }

    [TestMethod]
    public void Read_WhatIsBesideAModelInItsPlace_NamesTheModel()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.keras");
        ModelFile.Write(Model(), path);

        StringAssert.EndsWith(
            Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read($"{path}.json")).Message, $"Give the model: '{path}'.");
    }

    [TestMethod]
    public void Read_TooMuchBesideIt_IsRefusedUnread()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.keras");
        ModelFile.Write(Model(), path);
        using (var file = File.OpenWrite($"{path}.json"))
            file.SetLength(1L << 32);

        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path)).Message, "4294967296 bytes");
    }

    [TestMethod]
    [DataRow("""{"class_name": "Sequential", "config": []}""")]
    [DataRow("[1, 2]")]
    [DataRow("""{"format": "layers-model"}""")]
    public void Read_JsonOfSomethingElseBesideIt_IsLeftAlone(string json)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.keras");
        ModelFile.Write(Model(), path);
        File.WriteAllText($"{path}.json", json);

        CollectionAssert.Contains(ModelFile.Read(path).Assumed.ToArray(), "classes named 0 to 2");
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Write(Model(), path)).Message, "is something else");
        Assert.AreEqual(json, File.ReadAllText($"{path}.json"));
    }

    [TestMethod]
    public void Read_PartOfIt_LeavesTheRestToWhatIsAssumed()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.keras");
        ModelFile.Write(Model(), path);
        File.WriteAllText($"{path}.json", """{"format": "MlNetAlexNet 1", "mean": [7], "channelOrder": "bgr"}""");

        var read = ModelFile.Read(path);

        CollectionAssert.AreEqual(new float[] { 7, 7, 7 }, read.Preprocessing!.Mean.ToArray());
        CollectionAssert.AreEqual(
            new[]
            {
                "a deviation of 255 (values from 0 to 1)", "pictures squashed to 20x20 (Keras)", "classes named 0 to 2",
            },
            read.Assumed.ToArray());
        Assert.AreNotEqual(Model().Weights["conv2d_1/kernel"].Values[0], read.Weights["conv2d_1/kernel"].Values[0]);
    }

    [TestMethod]
    public void Write_OverAnother_ReplacesBothOrNone()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.keras");
        ModelFile.Write(Model(), path);
        var (model, beside) = (File.ReadAllBytes(path), File.ReadAllText($"{path}.json"));

        foreach (var there in (string[])[path, $"{path}.json"])
        {
            var fault = Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Write(Model(), path, overwrite: false));
            Assert.AreEqual("Overwrite", fault.Option);
            StringAssert.Contains(fault.Message, $"'{there}' exists");
            File.Delete(path); // then what is beside it is still in the way
        }

        File.WriteAllBytes(path, model);
        var unknown = new Sequential(TensorShape.Image(20, 20, 3))
        {
            new LocalResponseNormalization(), new Flatten(), new Dense(3, Activation.Softmax),
        };
        Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Write(TinyModel.Of(unknown, 24, seed: 1), path));
        CollectionAssert.AreEqual(model, File.ReadAllBytes(path));
        Assert.AreEqual(beside, File.ReadAllText($"{path}.json"));
        Assert.HasCount(2, Directory.GetFiles(folder.Path));

        ModelFile.Write(TinyModel.Of(Stack(), 30, seed: 2), path);
        Assert.AreEqual(30, ModelFile.Read(path).Preprocessing!.ImageSize);
        Assert.HasCount(2, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    [DataRow("a.zip")]
    [DataRow("a.onnx")]
    public void Write_FileThatHoldsAll_HasNothingBesideIt(string name)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);

        ModelFile.Write(Model(), path, embedNormalization: true); // as it does in any case

        Assert.IsNull(ModelFile.FindBeside(path));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    [DataRow("a.pth", "PyTorch state dict")]
    [DataRow("a.safetensors", "safetensors")]
    [DataRow("a.weights.h5", "Keras weights")]
    public void Write_NormalizationIntoAFileWithoutLayers_IsRefused(string name, string kind)
    {
        using var folder = new TemporaryFolder();

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(
                () => ModelFile.Write(Model(), Path.Combine(folder.Path, name), embedNormalization: true)).Message,
            $"({kind}) has no layer for the normalization");
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    [DataRow("\"mean\": [1, 2, 3]", "mean and deviation")]
    [DataRow("\"meanImage\": \"AAAAAA==\"", "a mean image")]
    public void Read_NormalizationBesideAFileThatHasOne_IsOfAnother(string property, string what)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.keras");
        ModelFile.Write(Model(), path, embedNormalization: true);
        File.WriteAllText($"{path}.json", $$"""{"format": "MlNetAlexNet 1", {{property}}}""");

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path)).Message,
            $"'{path}.json' says {what}, and the network beside it has a normalization in ");
    }

    private static TrainedModel Model()
    {
        var model = TinyModel.Of(Stack(), imageSize: 24, seed: 3);
        return new TrainedModel(
            model.Plan,
            model.Weights,
            model.Preprocessing with { Mean = [120, 110.5f, 100], ResizeMode = ImageResizeMode.Pad },
            ["Kürbis", "b", "c"],
            topK: 2);
    }

    private static Sequential Stack() => new(TensorShape.Image(20, 20, 3))
    {
        new Conv2D(6, 3, strides: 2, activation: Activation.Relu), new Flatten(), new Dense(3, Activation.Softmax),
    };
}
