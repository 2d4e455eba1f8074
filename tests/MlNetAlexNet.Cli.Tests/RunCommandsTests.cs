using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlNetAlexNet.Images;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>The commands one after the other on one small run: what a user does in a first session.</summary>
[TestClass]
public sealed partial class RunCommandsTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Data = Path.Combine(Folder.Path, "data");
    private static readonly string Run = Path.Combine(Folder.Path, "run");
    private static readonly string Options = Path.Combine(Run, "options.json");
    private static readonly string Model = Path.Combine(Run, "model.zip");
    private static readonly string Stack = SmallStack.WriteTo(Folder);
    private static Invocation s_training = null!;

    private static ImageFolder Drawn => ImageFolder.Open(Data, new SplitOptions { Seed = 3 });

    [ClassInitialize]
    public static async Task TrainOnce(TestContext context)
    {
        ColoredPictures.Draw(Data, 20);
        s_training = await Invocation.Of(
            "train", Data, "--output", Run, "--model", Stack,
            "--epochs", "12", "--batch-size", "8", "--warm-up-steps", "5", "--seed", "3",
            "--precision", "Float32"); // what Auto measures depends on what else the machine does
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public void Train_NotOnATerminal_PrintsALineAnEpoch()
    {
        Assert.AreEqual(0, s_training.ExitCode, s_training.Error);
        Assert.AreEqual("", s_training.Error);
        var lines = s_training.Out.Split('\n');
        Assert.AreEqual(
            $"Pictures   {Drawn.Train.Count} train, {Drawn.Validation.Count} validation, {Drawn.Test.Count} test in 3 classes", lines[0]);
        StringAssert.StartsWith(lines[1], "Stack      ");
        Assert.AreEqual("Input      32x32 pictures, crops of 28x28", lines[2]);
        StringAssert.StartsWith(lines[3], "Training   CPU");
        Assert.HasCount(12, lines.Where(line => line.StartsWith("Epoch ", StringComparison.Ordinal)));
        StringAssert.StartsWith(lines[^4], "Test       top-1 ");
        Assert.AreEqual($"Model      {Model}", lines[^3]);
    }

    [TestMethod]
    public async Task Train_FromOptionsFileQuietly_RepeatsTheRunAndPrintsTheResultAlone()
    {
        var again = Path.Combine(Folder.Path, "again");

        var result = await Invocation.Of("train", "--options", Options, "--output", again, "--quiet");

        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.HasCount(4, result.Out.Split('\n'));
        Assert.AreEqual(
            await File.ReadAllTextAsync(Path.Combine(Run, "metrics.json")),
            await File.ReadAllTextAsync(Path.Combine(again, "metrics.json")));
    }

    [TestMethod]
    public async Task Train_FlagsBesideOptionsFile_ChangeTheirOptionsAlone()
    {
        var changed = Path.Combine(Folder.Path, "changed");

        await Invocation.Of(
            "train", "--options", Options, "--output", changed, "--epochs", "1", "--class-weight", "red=2");

        var lines = await File.ReadAllLinesAsync(Path.Combine(changed, "options.json"));
        var before = await File.ReadAllLinesAsync(Options);
        CollectionAssert.AreEqual(
            new[] { "\"epochs\": 1,", "\"classWeights\": {", "\"red\": 2" },
            lines.Except(before).Select(line => line.Trim()).Where(line => line.Trim('}', ',') != "").ToArray());
    }

    [TestMethod]
    public async Task Train_FolderInUse_IsRefusedUnlessOverwritten()
    {
        var used = Path.Combine(Folder.Path, "used");
        Folder.Write("used/notes.txt");

        var refused = await Invocation.Of("train", Data, "--output", used, "--model", Stack, "--epochs", "1");
        var noRun = await Invocation.Of("train", Data, "--output", used, "--model", Stack, "--epochs", "1", "--overwrite");
        Folder.Write("used/history.csv");
        var overwritten = await Invocation.Of(
            "train", Data, "--output", used, "--model", Stack, "--epochs", "1", "--overwrite");

        Assert.AreEqual(2, refused.ExitCode);
        StringAssert.EndsWith(refused.Error, "set Overwrite to replace the run in it. The flag for that is --overwrite.\n");
        Assert.AreEqual(2, noRun.ExitCode);
        StringAssert.Contains(noRun.Error, "no run to replace");
        Assert.AreEqual(0, overwritten.ExitCode, overwritten.Error);
        Assert.IsTrue(File.Exists(Path.Combine(used, "notes.txt")));
    }

    [TestMethod]
    public async Task Train_OnATerminal_ShowsStepsAndKeepsTheEpochs()
    {
        using var screen = new StringWriter();
        var odd = Path.Combine(Folder.Path, "[red]odd[/]");
        ColoredPictures.Draw(odd, 10);
        Folder.Write("[red]odd[/]/red/bad[.jpg", [1]);

        var exit = await CommandLine.RunAsync(
            [
                "train", odd, "--output", Path.Combine(Folder.Path, "[run"), "--model", Stack,
                "--epochs", "2", "--batch-size", "4", "--skip-bad-images", "--no-pixel-cache",
            ],
            new Terminal(TextWriter.Null, TextWriter.Null, Screens.Of(screen)));

        Assert.AreEqual(0, exit);
        StringAssert.Contains(screen.ToString(), "bad[.jpg");
        StringAssert.Contains(screen.ToString(), "Epoch   2");
        StringAssert.Contains(screen.ToString(), "Test       top-1 ");
    }

    [TestMethod]
    public async Task Evaluate_TestPicturesOfTheRun_PrintsTheSameFigures()
    {
        var parts = Path.Combine(Folder.Path, "parts");
        var run = Path.Combine(Folder.Path, "parts-run");
        ColoredPictures.Draw(Path.Combine(parts, "train"), 12);
        ColoredPictures.Draw(Path.Combine(parts, "test"), 4, seed: 9);
        var training = await Invocation.Of(
            "train", parts, "--output", run, "--model", Stack, "--epochs", "2", "--batch-size", "8");

        var result = await Invocation.Of("evaluate", Path.Combine(run, "model.zip"), Path.Combine(parts, "test"));

        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.StartsWith(result.Out, "top-1 ");
        StringAssert.Contains(training.Out, result.Out.Split('\n')[0]);
        StringAssert.Contains(result.Out, " of 12, log-loss 0.");
        StringAssert.Contains(result.Out, "pictures  precision  recall");
        StringAssert.Contains(result.Out, "3 red");
    }

    // The folder that 'train' took, then elsewhere, with a validation of its own, and as a table.
    [TestMethod]
    public async Task Evaluate_WhatTrainTook_ScoresTheTestThatWasDrawn()
    {
        using var folder = new TemporaryFolder();
        foreach (var (part, pictures) in new[] { ("train", Drawn.Train.Concat(Drawn.Test)), ("val", Drawn.Validation) })
            Copy(pictures, Path.Combine(folder.Path, "parts", part));
        Copy(Drawn.Train.Concat(Drawn.Test).Concat(Drawn.Validation), Path.Combine(folder.Path, "moved"));
        var table = folder.Write("t.csv", Encoding.UTF8.GetBytes(string.Concat(Drawn.Train.Concat(Drawn.Test).Concat(Drawn.Validation)
            .Select(picture => $"{picture.ImagePath},{picture.Label}\n"))));
        var metrics = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Run, "metrics.json")))!;

        foreach (var path in (string[])[Data, Path.Combine(folder.Path, "moved"), Path.Combine(folder.Path, "parts"), table])
        {
            var result = await Invocation.Of("evaluate", Model, path, "--json");
            Assert.AreEqual($"scored: the {Drawn.Test.Count} pictures that training draws for the test\n", result.Error);
            foreach (var figure in (string[])["pictures", "top1", "logLoss"])
                Assert.AreEqual(metrics[figure]!.ToJsonString(), JsonNode.Parse(result.Out)![figure]!.ToJsonString(), path);
        }
    }

    [TestMethod]
    public async Task Evaluate_PicturesThatItHasNotSeen_AreAllScored()
    {
        using var folder = new TemporaryFolder();
        ColoredPictures.Draw(folder.Path, 5, seed: 77);
        var result = await Invocation.Of("evaluate", Model, folder.Path);

        Assert.AreEqual("", result.Error);
        StringAssert.Contains(result.Out, " of 15, ");
    }

    // Not what was split, but what was learnt from.
    [TestMethod]
    public async Task Evaluate_PicturesOfTheTraining_WarnsWithCountAndNames()
    {
        using var folder = new TemporaryFolder();
        Copy(Drawn.Train, folder.Path);
        var text = await Invocation.Of("evaluate", Model, folder.Path);
        var json = await Invocation.Of("evaluate", Model, folder.Path, "--json");

        foreach (var result in (Invocation[])[text, json])
        {
            Assert.AreEqual(0, result.ExitCode, result.Error);
            StringAssert.StartsWith(result.Error, $"Warning: the model was trained on {Drawn.Train.Count} of the {Drawn.Train.Count} pictures");
            StringAssert.EndsWith(result.Error, $"\n  and {Drawn.Train.Count - 20} more\n");
            StringAssert.Contains(result.Error, $"\n  {folder.Path}");
        }

        var metrics = JsonNode.Parse(json.Out)!;
        Assert.HasCount(Drawn.Train.Count, metrics["trainedOn"]!.AsArray());
        var interval = metrics["top1Interval"]!;
        StringAssert.Contains(text.Out, string.Create(
            CultureInfo.InvariantCulture, $"({100 * (double)interval["low"]!:0.0} to {100 * (double)interval["high"]!:0.0}), "));
    }

    private static void Copy(IEnumerable<LabeledImage> pictures, string folder)
    {
        foreach (var picture in pictures)
        {
            Directory.CreateDirectory(Path.Combine(folder, picture.Label));
            File.Copy(picture.ImagePath, Path.Combine(folder, picture.Label, Path.GetFileName(picture.ImagePath)));
        }
    }

    [TestMethod]
    public async Task Evaluate_ClassTheModelLacks_IsNamed()
    {
        var pictures = Path.Combine(Folder.Path, "more");
        ColoredPictures.Draw(pictures, 1);
        Directory.Move(Path.Combine(pictures, "red"), Path.Combine(pictures, "pink"));

        var result = await Invocation.Of("evaluate", Model, pictures);

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.Contains(result.Error, "'pink'");
    }

    [TestMethod]
    public async Task Evaluate_BadPicture_IsNamedOrLeftOut()
    {
        var pictures = Path.Combine(Folder.Path, "withbad");
        ColoredPictures.Draw(pictures, 2);
        var bad = Folder.Write("withbad/red/bad.jpg", [1]);

        var refused = await Invocation.Of("evaluate", Model, pictures);
        var skipped = await Invocation.Of("evaluate", Model, pictures, "--skip-bad-images");

        Assert.AreEqual(2, refused.ExitCode);
        StringAssert.Contains(refused.Error, bad);
        StringAssert.EndsWith(refused.Error, "The flag for that is --skip-bad-images.\n");
        Assert.AreEqual(0, skipped.ExitCode);
        StringAssert.Contains(skipped.Error, bad);
        StringAssert.Contains(skipped.Out, " of 6, log-loss ");
    }

    [TestMethod]
    public async Task Train_ThatDiverges_PrintsTheModelThenTheError()
    {
        var result = await Invocation.Of(
            "train", Data, "--output", Path.Combine(Folder.Path, "diverged"), "--model", Stack, "--epochs", "100", "--batch-size", "8",
            "--learning-rate", "300", "--warm-up-steps", "300", "--weight-decay", "0.5", "--gradient-clip-norm", "1e-6");

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.StartsWith(result.Out.Split('\n')[^3], "Model ");
        StringAssert.Contains(result.Error, "diverged");
    }

    [TestMethod]
    public async Task Convert_ZipToOnnx_IsItsNetworkAndPredictsTheSame()
    {
        var onnx = Path.Combine(Folder.Path, "copied.onnx");
        var picture = Path.Combine(Data, "red", "1.png");

        var result = await Invocation.Of("export", Model, onnx);

        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.AreEqual(
            (await Invocation.Of("predict", Model, picture)).Out, (await Invocation.Of("predict", onnx, picture)).Out);
    }

    [TestMethod]
    public async Task PredictAndEvaluate_ModelAsAnOption_AreTheSame()
    {
        var picture = Path.Combine(Data, "red", "1.png");

        Assert.AreEqual(
            await Invocation.Of("predict", Model, picture), await Invocation.Of("predict", "--model", Model, picture));
        Assert.AreEqual(await Invocation.Of("evaluate", Model, Data), await Invocation.Of("evaluate", "--model", Model, Data));
        var tooMany = await Invocation.Of("evaluate", Data, Data, "--model", Model);
        Assert.AreEqual(2, tooMany.ExitCode);
        StringAssert.Contains(tooMany.Error, "no room");
    }

    [TestMethod]
    public async Task Train_FromAFileOfOtherClasses_SaysWhatItAssumedAndReplaced()
    {
        var (keras, data) = (Path.Combine(Folder.Path, "start.keras"), Path.Combine(Folder.Path, "two"));
        await Invocation.Of("export", Model, keras);
        File.Delete($"{keras}.json");
        ColoredPictures.Draw(data, 10);
        Directory.Delete(Path.Combine(data, "red"), recursive: true);

        var result = await Invocation.Of(
            "train", data, "--output", Path.Combine(Folder.Path, "warm"), "--epochs", "1", "--initial-weights", keras);

        Assert.AreEqual(0, result.ExitCode, result.Error);
        var lines = result.Out.Split('\n');
        StringAssert.Contains(result.OutWords, $" Weights {keras}; dense_2 is a new one for the classes of the pictures ");
        CollectionAssert.Contains(lines, "Assumed    a mean of 0 (values from 0 to 1)");
        CollectionAssert.Contains(lines, "           pictures squashed to 32x32, of that the middle 28x28 (Keras)");
    }

    [TestMethod]
    public async Task Predict_FileWithoutNormalization_SaysWhatItAssumed()
    {
        var keras = Path.Combine(Folder.Path, "assumed.keras");
        await Invocation.Of("export", Model, keras);
        File.Delete($"{keras}.json");

        var result = await Invocation.Of("predict", keras, Path.Combine(Data, "red", "1.png"));

        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.StartsWith(result.Error, "Assumed    a mean of 0");
    }

    [TestMethod]
    public async Task Predict_FilesFoldersAndGlobs_PrintsTopProbabilities()
    {
        var red = Path.Combine(Data, "red");

        var result = await Invocation.Of(
            "predict", Model, Path.Combine(red, "1.png"), Path.Combine(Data, "*", "2.png"), Path.Combine(Data, "blue"));

        Assert.AreEqual(0, result.ExitCode, result.Error);
        var lines = result.Out.Split('\n');
        Assert.HasCount(1 + 3 + 19, lines.Where(line => line.EndsWith(".png", StringComparison.Ordinal)));
        Assert.AreEqual(Path.Combine(red, "1.png"), lines[0]);
        StringAssert.Matches(lines[1], Guess());
    }

    [TestMethod]
    public async Task Predict_Json_IsAnObjectALine()
    {
        var result = await Invocation.Of("predict", Model, Path.Combine(Data, "red"), "--json");

        var lines = result.Out.TrimEnd('\n').Split('\n');
        Assert.HasCount(20, lines);
        using var first = JsonDocument.Parse(lines[0]);
        Assert.AreEqual(Path.Combine(Data, "red", "1.png"), first.RootElement.GetProperty("path").GetString());
        var top = first.RootElement.GetProperty("top").EnumerateArray().ToArray();
        Assert.AreEqual(first.RootElement.GetProperty("label").GetString(), top[0].GetProperty("label").GetString());
        Assert.AreEqual(1, top.Sum(guess => guess.GetProperty("probability").GetDouble()), 1e-5);
    }

    [TestMethod]
    public async Task Predict_BadPictureAmongGoodOnes_PrintsTheGoodOnesAndReturns2()
    {
        var bad = Folder.Write("bad.png", [1, 2, 3]);

        var result = await Invocation.Of("predict", Model, bad, Path.Combine(Data, "red", "1.png"));

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.Contains(result.Error, bad);
        StringAssert.StartsWith(result.Out, Path.Combine(Data, "red", "1.png"));
    }

    [TestMethod]
    public async Task Train_CancelledBeforeItLearns_SaysThereIsNoModel()
    {
        var result = await Invocation.Of(
            ["train", Data, "--output", Path.Combine(Folder.Path, "cancelled"), "--model", Stack], new CancellationToken(canceled: true));

        Assert.AreEqual(130, result.ExitCode);
        StringAssert.Contains(result.Error, "Interrupted");
        Assert.IsFalse(File.Exists(Path.Combine(Folder.Path, "cancelled", "model.zip")));
    }

    [GeneratedRegex(@"^ +\d+\.\d%  (red|green|blue)$")]
    private static partial Regex Guess();
}
