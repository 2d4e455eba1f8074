using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.Scoring;

/// <summary>The file of a model is replaced, overwritten or cut while a classifier of it runs: it goes on with what it has.</summary>
[TestClass]
public sealed class ChangedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public required TestContext TestContext { get; set; }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("model.zip", "replaced")]
    [DataRow("model.zip", "overwritten")]
    [DataRow("model.zip", "longer")]
    [DataRow("model.zip", "cut")]
    [DataRow("model.zip", "emptied")]
    [DataRow("model.zip", "deleted")]
    [DataRow("model.onnx", "replaced")]
    [DataRow("model.onnx", "overwritten")] // by a network of as many bytes, which nothing in the file gives away
    [DataRow("model.onnx", "longer")]
    [DataRow("model.onnx", "cut")]
    [DataRow("model.onnx", "emptied")]
    [DataRow("model.onnx", "deleted")]
    public async Task Calls_AfterTheFileChanged_GiveTheAnswersOfBefore(string name, string change)
    {
        var images = ColourModel.Draw(_folder.Path);
        var paths = images.Select(image => image.ImagePath).ToArray();
        var (file, other) = (Path.Combine(_folder.Path, name), Path.Combine(_folder.Path, $"other-{name}"));
        var model = ColourModel.Create();
        ModelFile.Write(model, file);
        ModelFile.Write(Opposite(model), other);
        using var classifier = ImageClassifier.Open(file, null, out _);
        var expected = paths.Select(path => classifier.Classify(path).PredictedLabel).ToArray();

        Change(file, other, change);

        for (var again = 0; again < 2; again++) // a fault of the first time would be kept
        {
            CollectionAssert.AreEqual(expected, paths.Select(path => classifier.Classify(path).PredictedLabel).ToArray());
            CollectionAssert.AreEqual(
                expected, classifier.ClassifyMany(paths, TestContext.CancellationToken).Select(one => one.PredictedLabel).ToArray());
            CollectionAssert.AreEqual(expected, (await Task.WhenAll(
                paths.Select(path => classifier.ClassifyAsync(path, TestContext.CancellationToken))))
                .Select(one => one.PredictedLabel).ToArray());
        }
    }

    // As many bytes, other answers.
    private static TrainedModel Opposite(TrainedModel model) => new(
        model.Plan,
        new WeightSet(model.Weights.Select(weight => KeyValuePair.Create(
            weight.Key, weight.Value with { Values = [.. weight.Value.Values.Select(value => -value)] }))),
        model.Preprocessing,
        model.Classes,
        model.TopK);

    private static void Change(string file, string other, string change)
    {
        switch (change)
        {
            case "replaced": File.Move(other, file, overwrite: true); break;
            case "deleted": File.Delete(file); break;
            case "overwritten": File.WriteAllBytes(file, File.ReadAllBytes(other)); break;
            case "longer": File.AppendAllText(file, new string('x', 100)); break;
            case "emptied": File.WriteAllBytes(file, []); break;
            default:
                // Another program is not kept out by the lock that .NET takes for a reader.
                using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                    stream.SetLength(stream.Length / 2);
                break;
        }
    }
}
