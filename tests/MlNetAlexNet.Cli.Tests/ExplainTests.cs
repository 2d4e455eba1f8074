using System.Text.Json;
using MlNetAlexNet.Explanation;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class ExplainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;
    private readonly string _model;
    private readonly string _output;

    public ExplainTests()
    {
        (_data, _model, _output) = (Path.Combine(_folder.Path, "data"), Path.Combine(_folder.Path, "model.zip"), Path.Combine(_folder.Path, "out"));
        ColoredPictures.Draw(_data, 2);
        var plan = new Sequential(TensorShape.Image(20, 20, 3)) { new Flatten(), new Dense(3, Activation.Softmax) }.Plan();
        ModelFile.Write(
            new TrainedModel(
                plan,
                WeightInitializer.HeNormal(plan, new Random(1)),
                new ImagePreprocessing(20, [120, 110, 100], [60, 50, 70]) { ImageSize = 24 },
                ColoredPictures.Classes),
            _model);
    }

    public void Dispose() => _folder.Dispose();

    // Two pictures of one name in two folders.
    [TestMethod]
    public async Task Predict_Explain_WritesAnOverlayOfEach()
    {
        string[] pictures = [Path.Combine(_data, "red", "1.png"), Path.Combine(_data, "blue", "1.png")];

        var plain = await Invocation.Of(["predict", _model, .. pictures]);
        var explained = await Invocation.Of(["predict", _model, .. pictures, "--explain", "--explain-output", _output]);

        Assert.AreEqual((0, ""), (explained.ExitCode, explained.Error));
        foreach (var name in new[] { "red", "blue" })
        {
            var overlay = Path.Combine(_output, name, "1.png.explain.png");
            StringAssert.Contains(explained.Out, $"\n             {overlay}\n");
            OcclusionMap.RequireReplaceable(overlay);
            Assert.IsTrue(File.Exists(overlay));
        }

        Assert.AreEqual(plain.Out, string.Concat(explained.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("  explained", StringComparison.Ordinal) && !line.StartsWith("             ", StringComparison.Ordinal))
            .Select(line => line + "\n")));
    }

    [TestMethod]
    public async Task Predict_ExplainAsJson_NamesOverlayClassAndPeak()
    {
        var explained = await Invocation.Of(
            "predict", _model, Path.Combine(_data, "red", "1.png"), "--explain", "--explain-class", "blue", "--explain-output", _output, "--json");

        var explanation = JsonDocument.Parse(explained.Out).RootElement.GetProperty("explanation");
        Assert.AreEqual("blue", explanation.GetProperty("label").GetString());
        Assert.AreEqual(Path.Combine(_output, "1.png.explain.png"), explanation.GetProperty("overlay").GetString());
        CollectionAssert.AreEqual(
            new[] { "left", "top", "width", "height", "probability", "bits" },
            explanation.GetProperty("peak").EnumerateObject().Select(value => value.Name).ToArray());
    }

    [TestMethod]
    public async Task Predict_ExplainBadPictureAmongOthers_ExplainsTheOthers()
    {
        var bad = Path.Combine(_data, "red", "0.png");
        File.WriteAllText(bad, "no picture");

        var explained = await Invocation.Of("predict", _model, Path.Combine(_data, "red"), "none.png", "--explain", "--explain-output", _output);

        Assert.AreEqual(2, explained.ExitCode);
        StringAssert.Contains(explained.Error, bad);
        StringAssert.Contains(explained.Error, "none.png");
        CollectionAssert.AreEqual(
            Directory.GetFiles(Path.Combine(_data, "red")).Except([bad]).Select(path => Path.GetFileName(path) + ".explain.png").Order().ToArray(),
            Directory.GetFiles(_output).Select(Path.GetFileName).Order().ToArray());
    }

    [TestMethod]
    public async Task Predict_OverlaysAmongThePictures_AreNoPictures()
    {
        await Invocation.Of("predict", _model, _data, "--explain", "--explain-output", _data);
        var again = await Invocation.Of("predict", _model, _data);

        Assert.AreEqual((0, ""), (again.ExitCode, again.Error));
        Assert.DoesNotContain(".explain.png", again.Out);
    }

    [TestMethod]
    public async Task Predict_ExplainOverAnotherFile_RefusesBeforeAnyWork()
    {
        Directory.CreateDirectory(_output);
        var other = Path.Combine(_output, "1.png.explain.png");
        File.WriteAllText(other, "mine");

        var explained = await Invocation.Of("predict", _model, Path.Combine(_data, "red", "1.png"), "--explain", "--explain-output", _output);

        Assert.AreEqual((2, ""), (explained.ExitCode, explained.Out));
        StringAssert.Contains(explained.Error, other);
        Assert.AreEqual("mine", File.ReadAllText(other));
    }

    // A file is where the folder would be.
    [TestMethod]
    public async Task Predict_ExplainWhereNothingCanBeWritten_SaysSo()
    {
        var explained = await Invocation.Of("predict", _model, Path.Combine(_data, "red", "1.png"), "--explain", "--explain-output", _model);

        Assert.AreEqual(2, explained.ExitCode);
        StringAssert.Contains(explained.Error, "cannot be written");
    }

    [TestMethod]
    public async Task Predict_ExplainUnknownClass_NamesTheFlag()
    {
        var explained = await Invocation.Of("predict", _model, Path.Combine(_data, "red", "1.png"), "--explain", "--explain-class", "pink");

        Assert.AreEqual(2, explained.ExitCode);
        StringAssert.Contains(explained.Error, "'pink'");
        StringAssert.Contains(explained.Error, "--explain-class");
    }

    [TestMethod]
    [DataRow("--explain-class", "red")]
    [DataRow("--explain-output", "out")]
    public async Task Predict_ExplainFlagAlone_IsRefused(string flag, string value) => StringAssert.Contains(
        (await Invocation.Of("predict", _model, Path.Combine(_data, "red", "1.png"), flag, value)).Error,
        $"{flag} does nothing without --explain");

    [TestMethod]
    public async Task Predict_ExplainInterrupted_LeavesNothing()
    {
        var explained = await Invocation.Of(
            ["predict", _model, Path.Combine(_data, "red", "1.png"), "--explain", "--explain-output", _output], new CancellationToken(canceled: true));

        Assert.AreEqual("Interrupted.\n", explained.Error);
        Assert.IsFalse(Directory.Exists(_output));
    }
}
