using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.ModelZips;

[TestClass]
public class ModelFileTests
{
    private static readonly string[] Endings =
        ["a.zip", "a.onnx", "a.pth", "a.pt", "a.safetensors", "a.h5", "a.weights.h5", "a.keras", "a/model.json"];

    public static IEnumerable<string[]> Pairs() =>
        from source in Endings from target in Endings where source != target select (string[])[source, target];

    [TestMethod]
    [DynamicData(nameof(Pairs))]
    public void Read_AnyKindWrittenFromAnother_HasTheSameWeightsAndScores(string source, string target)
    {
        using var folder = new TemporaryFolder();
        var model = Model();
        var options = new ModelFileOptions();
        var (first, second) = (folder.Write(source), folder.Write("b" + target));
        ModelFile.Write(model, first);
        ModelFile.Write(ModelFile.Read(first, WithStack(options, first)).Model, second);

        var content = ModelFile.Read(second, WithStack(options, second));

        Assert.IsTrue(content.HoldsClasses);
        CollectionAssert.AreEqual(Array.Empty<string>(), content.Assumed.ToArray());
        CollectionAssert.AreEqual(model.Classes.ToArray(), content.Model.Classes.ToArray());
        SameWeights.Assert(model.Weights, ByOrder(content.Model, model));
        using var expected = ImageClassifier.Load(model);
        using var actual = ImageClassifier.Load(content.Model);
        var picture = ColourModel.Draw(folder.Path, "p.png", SkiaSharp.SKColors.Coral);
        CollectionAssert.AreEqual(expected.Classify(picture).Score, actual.Classify(picture).Score);
    }

    [TestMethod]
    public void Read_FileWithoutNamesAndNormalization_SaysWhatItAssumed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.h5");
        ModelFile.Write(Model(), path);
        File.Delete(ModelFile.FindBeside(path)!);

        var content = ModelFile.Read(path);

        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, content.Model.Classes.ToArray());
        CollectionAssert.AreEqual(new[] { 255f, 255, 255 }, content.Model.Preprocessing.StandardDeviation.ToArray());
        Assert.HasCount(4, content.Assumed);
        Assert.AreEqual(20, content.Model.Preprocessing.ImageSize);
    }

    [TestMethod]
    [DataRow("a.bin")]
    [DataRow("model")]
    public void Write_UnknownEnding_ListsTheKnownOnes(string name)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);

        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Write(Model(), path)).Message, ".keras");
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void Read_ClassesThatAreTooFew_AreRefused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.keras");
        ModelFile.Write(Model(), path);

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path, new() { Classes = ["a", "b"] })).Message,
            "3 outputs, and 2 classes are given");
    }

    [TestMethod]
    public void Read_StackOfOtherShapes_NamesBoth()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.safetensors");
        ModelFile.Write(Model(), path);

        var message = Assert.ThrowsExactly<AlexNetException>(
            () => ModelFile.Read(path, new() { Network = Stack(filters: 8) })).Message;

        StringAssert.Contains(message, "6 x 3 x 3 x 3");
        StringAssert.Contains(message, "8 x 3 x 3 x 3");
    }

    private static TrainedModel Model() => TinyModel.Of(Stack(), imageSize: 20, seed: 3);

    private static ModelFileOptions WithStack(ModelFileOptions options, string path) =>
        ModelFile.HoldsStack(path) ? options : options with { Network = Stack() };

    private static Sequential Stack(int filters = 6) => new(TensorShape.Image(20, 20, 3))
    {
        new Conv2D(filters, 3, strides: 2, activation: Activation.Relu), // 9 x 9 x 6
        new MaxPooling2D(3, strides: 2),                            // 4 x 4 x 6
        new Conv2D(4, 3, padding: Padding.Same, activation: Activation.Relu),
        new Flatten(),
        new Dense(8, Activation.Relu),
        new Dense(3, Activation.Softmax),
    };

    // Some frameworks name layers their own way.
    private static WeightSet ByOrder(TrainedModel model, TrainedModel named) => new(model.Plan.Weights.Zip(
        named.Plan.Weights, (own, name) => KeyValuePair.Create(name.Key, model.Weights[own.Key])));
}
