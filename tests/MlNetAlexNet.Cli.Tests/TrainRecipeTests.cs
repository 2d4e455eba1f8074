using MlNetAlexNet.Images;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>Which options a run of <c>train</c> takes: recipe, file of options, flags.</summary>
[TestClass]
public sealed class TrainRecipeTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Data = Path.Combine(Folder.Path, "data"); // 201 to train on
    private static readonly string Stack = SmallStack.WriteTo(Folder);
    private static int s_runs;

    [ClassInitialize]
    public static void Draw(TestContext context) => ColoredPictures.Draw(Data, 90);

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public async Task Train_EnoughPicturesAndNoRecipe_TakesSmallDataAndSaysSo()
    {
        var (lines, options) = await Train(Data, "--model", Stack, "--epochs", "1");

        var trained = ImageFolder.Open(Data).Train.Count;
        Assert.IsGreaterThanOrEqualTo(Recipes.SmallDataFewest, trained);
        Assert.AreEqual("Recipe     small-data, the default for about 216 pictures to train on and random", lines[0]); // 80% of 270
        Assert.AreEqual("             weights; --recipe names another, 'alexnet recipes' lists them", lines[1]);
        StringAssert.StartsWith(lines[2], $"Pictures   {trained} train");
        Assert.AreEqual((OptimizerKind.AdamW, 0.001, 0.05), (options.Training.Optimizer, options.Training.LearningRate, options.Training.WeightDecay));
        Assert.IsTrue(options.Training.BatchNormalization);
        Assert.AreEqual(1, options.Training.Epochs);
    }

    [TestMethod]
    public async Task Train_NamedRecipeAndFlags_AreTheRecipeChangedByTheFlags()
    {
        var (lines, options) = await Train(
            Data, "--model", Stack, "--recipe", "FAST", "--epochs", "1", "--optimizer", "Sgd", "--batch-normalization", "false");

        Assert.AreEqual("Recipe     fast", lines[0]);
        Assert.AreEqual((0.01, 5e-4, false), (options.Training.LearningRate, options.Training.WeightDecay, options.Training.BatchNormalization));
        Assert.AreEqual(0.1, options.Training.LabelSmoothing);
    }

    [TestMethod]
    public async Task Train_FewPicturesOrInitialWeightsOrOptions_TakeNoRecipe()
    {
        var few = Path.Combine(Folder.Path, "few");
        ColoredPictures.Draw(few, 10);
        var (first, options) = await Train(few, "--model", Stack, "--epochs", "1");
        StringAssert.StartsWith(first[0], "Pictures   ");
        Assert.AreEqual(OptimizerKind.Sgd, options.Training.Optimizer);

        var model = Path.Combine(options.Output, "model.zip");
        StringAssert.StartsWith((await Train(Data, "--initial-weights", model, "--epochs", "1")).Lines[0], "Pictures   ");

        var (again, repeated) = await Train("--options", Path.Combine(options.Output, "options.json"), Data);
        StringAssert.StartsWith(again[0], "Pictures   ");
        Assert.AreEqual(OptimizerKind.Sgd, repeated.Training.Optimizer);
    }

    [TestMethod]
    [DataRow("--recipe smal", "--recipe 'smal' is none of plain, small-data, thorough, paper, fine-tune, fast.")]
    [DataRow("--recipe fast --options o.json", "--recipe and --options exclude each other")]
    [DataRow("--recipe plain --decay-epochs 3", "--decay-epochs does nothing here: it is for the schedules Step and ReduceOnPlateau")]
    [DataRow("--recipe fast --momentum 0.5", "--momentum does nothing here: it is for the optimizer Sgd")]
    public async Task Train_WithWhatHasNoEffect_IsRefused(string flags, string fault)
    {
        var result = await Invocation.Of(["train", Data, "--output", Path.Combine(Folder.Path, "refused"), .. flags.Split(' ')]);

        Assert.AreEqual(2, result.ExitCode, result.Out);
        StringAssert.Contains(result.Error, fault);
    }

    private static async Task<(string[] Lines, RunOptions Options)> Train(params string[] arguments)
    {
        var output = Path.Combine(Folder.Path, $"run-{++s_runs}");
        var result = await Invocation.Of(["train", .. arguments, "--output", output, "--precision", "Float32"]);
        Assert.AreEqual(0, result.ExitCode, result.Error);
        return (result.Out.Split('\n'), OptionsFile.Read(Path.Combine(output, "options.json")) with { Output = output });
    }
}
