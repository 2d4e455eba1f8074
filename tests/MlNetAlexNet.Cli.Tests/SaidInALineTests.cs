using SkiaSharp;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>What is no fault, but good to know: a line, with what to try.</summary>
[TestClass]
public sealed class SaidInALineTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Data = Path.Combine(Folder.Path, "data");
    private static readonly string Model = Path.Combine(Folder.Path, "run", "model.zip");
    private static Invocation s_training = null!;

    [ClassInitialize]
    public static async Task TrainOnce(TestContext context)
    {
        ColoredPictures.Draw(Path.Combine(Data, "train"), 20);
        ColoredPictures.Draw(Path.Combine(Data, "test"), 5, seed: 2);
        using var picture = new SKBitmap(9, 9);
        picture.Erase(SKColors.Red.WithAlpha(200));
        using var png = picture.Encode(SKEncodedImageFormat.Png, 100);
        Folder.Write("data/test/red/see-through.png", png.ToArray());
        s_training = await Train("run", Data, "--epochs", "8", "--warm-up-steps", "5", "--learning-rate", "0.01");
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public async Task TransparentParts_AreCountedByEveryCommand()
    {
        StringAssert.Contains(s_training.Out, "\nNote       1 of 76 pictures has transparent parts, which count as black\n");
        StringAssert.Contains((await Invocation.Of("inspect", Data)).Out, "1 with transparent parts, which count as black\n");
        StringAssert.Contains((await Invocation.Of("evaluate", Model, Data)).Error, "1 of 16 pictures has transparent parts");
        StringAssert.Contains((await Invocation.Of("predict", Model, Path.Combine(Data, "test"))).Error, "1 of 16 pictures has transparent parts");
    }

    // Every picture is red, whatever its folder is called.
    [TestMethod]
    public async Task ModelThatSaysOneClass_IsSaidSoWithWhatToTry()
    {
        var red = Path.Combine(Folder.Path, "all-red");
        foreach (var name in ColoredPictures.Classes)
        {
            foreach (var part in (string[])["train", "test"])
            {
                Directory.CreateDirectory(Path.Combine(red, part, name));
                for (var i = 1; i <= 5; i++)
                    File.Copy(Path.Combine(Data, part, "red", $"{i}.png"), Path.Combine(red, part, name, $"{i}.png"));
            }
        }

        var evaluated = await Invocation.Of("evaluate", Model, red);
        var trained = await Train("one-class", red, "--epochs", "1");

        StringAssert.Contains(evaluated.Error, "Warning: Nearly everything is called 'red': 10 of 10 pictures of other classes. Look whether");
        StringAssert.Contains(trained.Out, "Nearly everything is called '");
        StringAssert.Contains(trained.Out, "--learning-rate");
        StringAssert.Contains(trained.Out, "in several classes");
        Assert.IsFalse(s_training.Out.Contains("Nearly everything", StringComparison.Ordinal));
        Assert.IsFalse((await Invocation.Of("evaluate", Model, Data)).Error.Contains("Nearly everything", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task ClassesOfThreePictures_AreSaidToBeFew()
    {
        var few = Path.Combine(Folder.Path, "few");
        ColoredPictures.Draw(few, 3);

        var trained = await Train("few-run", few, "--epochs", "1");
        var inspected = await Invocation.Of("inspect", few);

        Assert.AreEqual(0, trained.ExitCode, trained.Error);
        StringAssert.Contains(trained.Out, "3 a class with five pictures to train on or fewer");
        StringAssert.Contains(inspected.Out, "3 a class with five pictures to train on or fewer");
        Assert.AreEqual(0, inspected.ExitCode);
        Assert.IsFalse(s_training.Out.Contains("with five pictures", StringComparison.Ordinal));
    }

    private static Task<Invocation> Train(string run, string data, params string[] more) => Invocation.Of(
        ["train", data, "--output", Path.Combine(Folder.Path, run), "--model", SmallStack.WriteTo(Folder), "--batch-size", "8", "--seed", "3", .. more]);
}
