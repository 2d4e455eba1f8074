using MlNetAlexNet.Images;

namespace MlNetAlexNet.Cli.Tests;

/// <summary><c>alexnet quantize</c> on one small run.</summary>
[TestClass]
public sealed class QuantizeCommandTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Data = Path.Combine(Folder.Path, "data");
    private static readonly string Run = Path.Combine(Folder.Path, "run");
    private static readonly string Model = Path.Combine(Run, "model.zip");

    [ClassInitialize]
    public static async Task TrainOnce(TestContext context)
    {
        ColoredPictures.Draw(Data, 20);
        var training = await Invocation.Of(
            "train", Data, "--output", Run, "--model", SmallStack.WriteTo(Folder),
            "--epochs", "12", "--batch-size", "8", "--warm-up-steps", "5", "--seed", "3");
        Assert.AreEqual(0, training.ExitCode, training.Error);
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public async Task Quantize_RunFolderAlone_WritesAZipThatPredicts()
    {
        var target = Path.Combine(Run, "model-int8.zip");

        var result = await Invocation.Of("quantize", Model, "--maximum-loss", "50");

        Assert.AreEqual(0, result.ExitCode, result.Error);
        var lines = result.Out.Split('\n');
        StringAssert.StartsWith(lines[0], "Float32    top-1 ");
        StringAssert.StartsWith(lines[1], "Int8       top-1 ");
        var validated = ImageFolder.Open(Data, new SplitOptions { Seed = 3 }).Validation.Count;
        StringAssert.StartsWith(lines[2], $"Agreement  100.0% of the validation pictures ({validated} of {validated})");
        StringAssert.StartsWith(lines[3], "Loss       0.0 points: 0 right in float32 alone, 0 in int8 alone");
        Assert.AreEqual($"Model      {target}", lines[^2]);
        var prediction = await Invocation.Of("predict", target, Path.Combine(Data, "red", "1.png"));
        StringAssert.Contains(prediction.Out, "red");
    }

    [TestMethod]
    public async Task Quantize_OnFewPictures_SaysHowManyItTakesAndTheFlag()
    {
        var result = await Invocation.Of("quantize", Model, "--output", Path.Combine(Folder.Path, "few.zip"));

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.Contains(result.Error, "points; it takes 200.");
        StringAssert.EndsWith(result.Error, "The flag for that is --maximum-loss.\n");
        Assert.IsFalse(File.Exists(Path.Combine(Folder.Path, "few.zip")));
    }

    [TestMethod]
    public async Task Quantize_MistypedZip_IsSaidNotToExist()
    {
        var result = await Invocation.Of("quantize", Path.Combine(Folder.Path, "mistyped.zip"));

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.Contains(result.Error, "mistyped.zip' does not exist");
    }

    [TestMethod]
    public async Task Quantize_ZipInTheWay_IsReplacedWithOverwriteOnly()
    {
        var target = Folder.Write("taken.zip");

        var refused = await Invocation.Of("quantize", Model, "--output", target);
        var replaced = await Invocation.Of("quantize", Model, "--output", target, "--overwrite", "--maximum-loss", "50");

        Assert.AreEqual(2, refused.ExitCode);
        StringAssert.Contains(refused.Error, "The flag for that is --overwrite");
        Assert.AreEqual(0, replaced.ExitCode, replaced.Error);
        Assert.AreNotEqual(0, new FileInfo(target).Length);
    }

    [TestMethod]
    public async Task Quantize_BadPicture_IsNamedOrLeftOut()
    {
        var pictures = Path.Combine(Folder.Path, "quantize-bad");
        ColoredPictures.Draw(Path.Combine(pictures, "train"), 2);
        ColoredPictures.Draw(Path.Combine(pictures, "validation"), 2);
        var bad = Folder.Write("quantize-bad/validation/red/bad.png", [1]);
        string[] command = ["quantize", Model, pictures, "--output", Path.Combine(Folder.Path, "skipped.zip"), "--maximum-loss", "100"];

        var refused = await Invocation.Of(command);
        var skipped = await Invocation.Of([.. command, "--skip-bad-images", "--minimum-agreement", "0"]);

        Assert.AreEqual(2, refused.ExitCode);
        StringAssert.Contains(refused.Error, bad);
        StringAssert.EndsWith(refused.Error, "The flag for that is --skip-bad-images.\n");
        Assert.AreEqual(0, skipped.ExitCode, skipped.Error);
        StringAssert.Contains(skipped.Error, $"left out, cannot be decoded: {bad}");
    }

    [TestMethod]
    public async Task Quantize_RunThatSkippedBadPictures_LeavesThemOutAgain()
    {
        var data = Path.Combine(Folder.Path, "skipping-data");
        var run = Path.Combine(Folder.Path, "skipping");
        ColoredPictures.Draw(Path.Combine(data, "train"), 2);
        ColoredPictures.Draw(Path.Combine(data, "validation"), 2);
        var bad = Folder.Write("skipping-data/validation/red/bad.png", [1]);
        await Invocation.Of(
            "train", data, "--output", run, "--model", SmallStack.WriteTo(Folder), "--epochs", "1", "--batch-size", "4",
            "--skip-bad-images");

        var result = await Invocation.Of("quantize", Path.Combine(run, "model.zip"), "--maximum-loss", "100", "--minimum-agreement", "0");

        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.Contains(result.Error, bad);
    }

    [TestMethod]
    public async Task Quantize_OnATerminal_ShowsThatItIsAtWork()
    {
        using var screen = new StringWriter();

        var exit = await CommandLine.RunAsync(
            ["quantize", Model, "--output", Path.Combine(Folder.Path, "live.zip"), "--maximum-loss", "50"],
            new Terminal(TextWriter.Null, TextWriter.Null, Screens.Of(screen)));

        Assert.AreEqual(0, exit);
        StringAssert.Contains(screen.ToString(), "with the int8 zip 5/5");
    }

    [TestMethod]
    public async Task Quantize_ZipWithoutOptionsBesideIt_AsksForThePictures()
    {
        var alone = Path.Combine(Folder.Path, "alone.zip");
        File.Copy(Model, alone);

        var refused = await Invocation.Of("quantize", alone);
        var given = await Invocation.Of("quantize", alone, Data, "--output", Path.Combine(Folder.Path, "new", "q.zip"), "--maximum-loss", "50");

        Assert.AreEqual(2, refused.ExitCode);
        StringAssert.Contains(refused.Error, "Give their folder after the zip");
        Assert.AreEqual(0, given.ExitCode, given.Error);
    }
}
