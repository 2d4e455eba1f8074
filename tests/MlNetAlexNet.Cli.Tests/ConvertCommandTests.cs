using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class ConvertCommandTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Data = Path.Combine(Folder.Path, "data");
    private static readonly string Model = Path.Combine(Folder.Path, "model.zip");

    [ClassInitialize]
    public static void WriteAModel(TestContext context)
    {
        ColoredPictures.Draw(Data, 1);
        var plan = new Sequential(TensorShape.Image(227, 227, 3))
        {
            new Conv2D(4, 11, strides: 8, activation: Activation.Relu), new Flatten(), new Dense(3, Activation.Softmax),
        }.Plan();
        ModelFile.Write(
            new TrainedModel(
                plan,
                WeightInitializer.HeNormal(plan, new Random(1)),
                new ImagePreprocessing(227, [120, 110, 100], [60, 50, 70]),
                ColoredPictures.Classes),
            Model);
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public async Task ExportAndImport_KerasAndBack_PredictsTheSame()
    {
        var (keras, back) = (Path.Combine(Folder.Path, "exported.keras"), Path.Combine(Folder.Path, "back.zip"));
        var classes = Folder.Write("classes.txt", "blue\ngreen\nred\n"u8.ToArray());
        var picture = Path.Combine(Data, "red", "1.png");

        var exported = await Invocation.Of("export", Model, keras);
        var imported = await Invocation.Of("import", keras, back);

        Assert.AreEqual(0, exported.ExitCode, exported.Error);
        Assert.AreEqual(0, imported.ExitCode, imported.Error);
        StringAssert.Contains(exported.Out, $"\nBeside     {keras}.json: ");
        StringAssert.Contains(imported.Out, $"\nBeside     {keras}.json: ");
        Assert.DoesNotContain("Assumed", imported.Out);
        var expected = (await Invocation.Of("predict", Model, picture)).Out;
        Assert.AreEqual(expected, (await Invocation.Of("predict", back, picture)).Out);
        Assert.AreEqual(new Invocation(0, expected, ""), await Invocation.Of("predict", keras, picture));
    }

    [TestMethod]
    public async Task Convert_RenamedClass_WritesTheNewNameAndTheSameNumbers()
    {
        var renamed = Path.Combine(Folder.Path, "renamed.zip");
        var picture = Path.Combine(Data, "red", "1.png");

        var result = await Invocation.Of("convert", Model, renamed, "--rename-class", "red=rouge", "--rename-class", "blue=red");

        Assert.AreEqual(0, result.ExitCode, result.Error);
        CollectionAssert.AreEqual((string[])["red", "green", "rouge"], ModelFile.Read(renamed).Model.Classes.ToArray());
        Assert.AreEqual(
            (await Invocation.Of("predict", Model, picture)).Out.Replace("  red\n", "  rouge\n").Replace("blue", "red"),
            (await Invocation.Of("predict", renamed, picture)).Out);
        var unknown = await Invocation.Of("convert", Model, Path.Combine(Folder.Path, "none.zip"), "--rename-class", "pink=rouge");
        Assert.AreEqual(2, unknown.ExitCode);
        StringAssert.Contains(unknown.Error, "'pink', which is no class of the file. Known: blue, green, red.");
    }

    [TestMethod]
    public async Task Import_FileAlone_TakesTheSameFromFlags()
    {
        var (keras, back) = (Path.Combine(Folder.Path, "alone.keras"), Path.Combine(Folder.Path, "alone.zip"));
        var classes = Folder.Write("classes.txt", "blue\ngreen\nred\n"u8.ToArray());
        var picture = Path.Combine(Data, "red", "1.png");
        await Invocation.Of("export", Model, keras);
        File.Delete($"{keras}.json");
        string[] flags =
        [
            "--classes", classes, "--mean", "120,110,100", "--std", "60,50,70", "--resize-mode", "crop", "--image-size", "256",
        ];

        var imported = await Invocation.Of(["import", keras, back, .. flags]);

        Assert.AreEqual(0, imported.ExitCode, imported.Error);
        Assert.DoesNotContain("Assumed", imported.Out);
        var expected = (await Invocation.Of("predict", Model, picture)).Out;
        Assert.AreEqual(expected, (await Invocation.Of("predict", back, picture)).Out);
        Assert.AreEqual(new Invocation(0, expected, ""), await Invocation.Of(["predict", keras, picture, .. flags]));
    }

    [TestMethod]
    public async Task Import_FileThatSaysLittle_SaysAllThatIsAssumedIn80Columns()
    {
        var (keras, back) = (Path.Combine(Folder.Path, "little.keras"), Path.Combine(Folder.Path, "little.zip"));
        await Invocation.Of("export", Model, keras);
        File.Delete($"{keras}.json");

        var imported = await Invocation.Of("import", keras, back, "--mean", "0.5", "--std", "0.25,0.25,0.5");

        Assert.AreEqual(
            """
            Matched    4 weights of 3 layers, 10,867 parameters, 3 classes
            Assumed    mean and deviation of values from 0 to 1, times 255
                       pictures squashed to 227x227 (Keras)
                       classes named 0 to 2
                       To change it: --classes, --channel-order, --resize-mode,
                         --image-size, and --mean and --std unless the file normalizes.

            """ + $"Model      {back}\n",
            imported.Out);
    }

    [TestMethod]
    public async Task Import_ClassesThatComeTwiceOrInAnotherOrder_SaysWhatBecomesOfThem()
    {
        var back = Path.Combine(Folder.Path, "classes.zip");
        var turned = Folder.Write("turned.txt", "red\nblue\ngreen\n"u8.ToArray());
        var twice = Folder.Write("twice.txt", "crane\nhen\ncrane\n"u8.ToArray());

        var reordered = await Invocation.Of("convert", Model, back, "--classes", turned);
        var numbered = await Invocation.Of("convert", Model, back, "--classes", twice, "--overwrite");

        StringAssert.Contains(reordered.Out, "\nAssumed    the outputs in the order of the classes given\n");
        StringAssert.Contains(numbered.Out, "\nAssumed    numbers for classes of one name: crane 2\n");
        CollectionAssert.AreEqual(new[] { "crane", "hen", "crane 2" }, ModelFile.Read(back).Model.Classes.ToArray());
    }

    [TestMethod]
    public async Task Convert_WrongThings_AreRefusedAndWriteNothing()
    {
        var target = Path.Combine(Folder.Path, "target.h5");
        foreach (var (arguments, why) in ((string[], string)[])
        [
            (["convert", "missing.pth", target], "does not exist"),
            (["convert", Model, Path.Combine(Folder.Path, "a.doc")], "does not say by its ending"),
            (["convert", Model, Model], "The flag for that is --overwrite"),
            (["import", Model, target], "does not end in .zip"),
            (["export", target, Model], "does not exist"),
            (["export", Path.Combine(Data, "red", "1.png"), target], "no model that is known"),
            (["convert", Model, target, "--mean", "1,2"], "three numbers"),
            (["convert", Model, target, "--mean", "127,5"], "behind a point"),
            (["convert", Model, target, "--custom-layer", "LRN"], "'LRN' is neither NAME=LAYER nor a file"),
            (["convert", Model, target, "--custom-layer", Folder.Path], "it is a folder"),
            (["convert", Model, target, "--classes", Folder.Path], "it is a folder"),
            (["convert", Model, target, "--mean", "0.5"], "can be read in two ways"),
            (["convert", Model, target, "--channel-order", "bgr"], "take red first"),
            (["convert", Model, target, "--channel-order", "gbr"], "'gbr'"),
            (["convert", Model, target, "--last-activation", "sigmoid"], "a softmax of its own"),
            (["convert", Model, target, "--image-size", "20"], "cannot be larger. ImageSize must be at least 227. The flag for that is --image-size."),
            (["convert", Model, Path.Combine(Folder.Path, "a.pth"), "--embed-normalization"], "leave EmbedNormalization out. The flag for that is --embed-normalization."),
            (["convert", Model, target, "--classes", "missing.txt"], "cannot be read"),
            (["convert", Model, target, "--preset", "paper"], "a stack of its own"),
            (["convert", "missing.pth", Path.Combine(Folder.Path, "a.doc")], "does not say by its ending"),
            (["convert", Model, target, "--preset", "paper", "--stack", "a.json"], "exclude each other"),
            (["summary", "--preset", "paper", "--model", "a.json"], "exclude each other"),
            (["train", Data, "--preset", "paper", "--model", "a.json"], "exclude each other"),
        ])
        {
            var refused = await Invocation.Of(arguments);

            Assert.AreEqual(2, refused.ExitCode, why);
            StringAssert.Contains(refused.Error, why);
            Assert.IsFalse(File.Exists(target));
        }
    }

    [TestMethod]
    public async Task Convert_Cancelled_Returns130AndWritesNothing()
    {
        var target = Path.Combine(Folder.Path, "cancelled.h5");

        var result = await Invocation.Of(["convert", Model, target], new CancellationToken(canceled: true));

        Assert.AreEqual(130, result.ExitCode, result.Error);
        Assert.IsFalse(File.Exists(target));
    }

    [TestMethod]
    public async Task Import_OfALayerOfOnesOwn_AsksForItAndTakesIt()
    {
        using var folder = new TemporaryFolder();
        var (file, zip) = (Expected.Keras("keras3-custom_lrn.keras"), Path.Combine(folder.Path, "model.zip"));

        var refused = await Invocation.Of("import", file, zip);
        Assert.AreEqual(2, refused.ExitCode);
        StringAssert.Contains(refused.Error, "'lrn' (my_layers>LRN)");
        StringAssert.Contains(refused.Error, "The flag for that is --custom-layer.");
        var training = await Invocation.Of(
            "train", Data, "--initial-weights", file, "--output", Path.Combine(folder.Path, "run"),
            "--validation-fraction", "0", "--test-fraction", "0");
        StringAssert.EndsWith(
            training.Error, " Give --custom-layer to 'alexnet import', and train on the zip that it writes.\n");

        var json = folder.Write("layers.json", """{"LRN":"LocalResponseNormalization(depth_radius=2, bias=1, alpha=1e-4, beta=0.75)"}"""u8.ToArray());
        foreach (var said in (string[])["LRN=LocalResponseNormalization(depth_radius=2,bias=1,alpha=1e-4,beta=0.75)", json])
        {
            var run = await Invocation.Of("import", file, zip, "--overwrite", "--custom-layer", said);
            Assert.AreEqual(0, run.ExitCode, run.Error);
            Assert.HasCount(2, ModelZip.Read(zip).Plan.Where(layer => layer.Layer is LocalResponseNormalization { Size: 5, K: 1 }).ToArray());
        }
    }
}
