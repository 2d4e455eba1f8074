using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>Files of other frameworks through the command: what is said, what is refused, and the flag for it.</summary>
[TestClass]
public sealed class ImportForeignTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Zip = Path.Combine(Folder.Path, "a.zip");

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public async Task Import_OneOutput_AsksForItsFunction()
    {
        var file = Expected.Torch("one-output.safetensors");

        var refused = await Invocation.Of("import", file, Zip);
        var imported = await Invocation.Of("import", file, Zip, "--last-activation", "Sigmoid", "--overwrite");

        Assert.AreEqual(2, refused.ExitCode);
        Assert.StartsWith($"error: '{file}' cannot be read as a classifier of pictures: The network gives one", refused.Error);
        StringAssert.EndsWith(refused.Error, "The flag for that is --last-activation.\n");
        Assert.AreEqual(0, imported.ExitCode, imported.Error);
        StringAssert.Contains(imported.Out, "the one output as the probability of the second of two classes\n");
        Assert.HasCount(2, ModelFile.Read(Zip).Model.Classes);
    }

    [TestMethod]
    public async Task Import_WeightThatIsNotANumber_NamesItAsTheFileDoes()
    {
        var refused = await Invocation.Of("import", Expected.Torch("not-a-number.safetensors"), Zip, "--overwrite");

        Assert.AreEqual(2, refused.ExitCode);
        StringAssert.Contains(refused.Error, "its tensor 'classifier.4.weight' is not read: it holds NaN");
    }

    [TestMethod]
    public async Task Import_LayerOfTheUsersOwn_IsSaidByFlagOrFile()
    {
        var file = Expected.Keras("keras3-custom_lrn.keras");
        const string Layer = "LocalResponseNormalization(depth_radius=2, bias=1, alpha=1e-4, beta=0.75)";
        var json = Folder.Write("layers.json", System.Text.Encoding.UTF8.GetBytes($$"""{"LRN": "{{Layer}}"}"""));

        var refused = await Invocation.Of("import", file, Zip, "--overwrite");
        Assert.AreEqual(2, refused.ExitCode);
        Assert.StartsWith($"error: '{file}' cannot be read as a Keras file: The Keras layer", refused.Error);
        StringAssert.EndsWith(refused.Error, "The flag for that is --custom-layer.\n");
        foreach (var value in (string[])[$"LRN={Layer}", json])
        {
            var imported = await Invocation.Of("import", file, Zip, "--overwrite", "--custom-layer", value);
            Assert.AreEqual(0, imported.ExitCode, imported.Error);
        }
    }

    [TestMethod]
    [DataRow("LRN=Nothing(1)", "Nothing")]
    [DataRow("no-such.json", "--custom-layer 'no-such.json' is neither NAME=LAYER nor a file")]
    [DataRow("LRN=Identity LRN=Identity", "says twice what 'LRN' is")]
    public async Task Import_LayerThatIsNone_IsRefused(string values, string why)
    {
        string[] flags = [.. values.Split(' ').SelectMany(value => (string[])["--custom-layer", value])];

        var refused = await Invocation.Of(["import", Expected.Keras("keras3-custom_lrn.keras"), Zip, "--overwrite", .. flags]);

        Assert.AreEqual(2, refused.ExitCode);
        StringAssert.Contains(refused.Error, why);
    }

    [TestMethod]
    public async Task Import_StackThatIsNoJson_NamesItsFile()
    {
        var stack = Folder.Write("stack.json", "{"u8.ToArray());

        var refused = await Invocation.Of("import", Expected.Torch("one_logit.pth"), Zip, "--overwrite", "--stack", stack);

        Assert.AreEqual(2, refused.ExitCode);
        StringAssert.Contains(refused.Error, $"'{stack}' cannot be read as a Keras configuration");
    }

    [TestMethod]
    [DataRow("a.keras")]
    [DataRow("a.h5")]
    [DataRow("embedded/model.json")]
    public async Task Convert_NormalizationIntoTheFile_PredictsTheSame(string name)
    {
        var (embedded, picture) = (Path.Combine(Folder.Path, name), Path.Combine(Folder.Path, "pictures", "red", "1.png"));
        ColoredPictures.Draw(Path.Combine(Folder.Path, "pictures"), 1);
        string[] flags = ["--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225"];
        var file = Expected.Keras("keras3-plain.keras");

        var converted = await Invocation.Of(["convert", file, embedded, "--embed-normalization", "--overwrite", .. flags]);

        Assert.AreEqual(0, converted.ExitCode, converted.Error);
        var predicted = await Invocation.Of("predict", embedded, picture);
        Assert.AreEqual((await Invocation.Of(["predict", file, picture, .. flags])).Out, predicted.Out);
        StringAssert.StartsWith(predicted.Error, "Assumed    values from 0 to 255, which the layer '");
    }
}
