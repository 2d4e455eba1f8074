using System.Text.Json;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests;

[TestClass]
public sealed class RecipesTests
{
    public static IEnumerable<object[]> Names => Recipes.All.Select(recipe => new object[] { recipe.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Recipe_OnAStackOfItsOwnSize_Trains(string name)
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        ColoredPictures.Draw(data, 10);
        var options = new RunOptions
        {
            Data = data, Output = Path.Combine(folder.Path, "run"), PixelCache = null, Start = TinyPictures.StartIn(folder),
        };
        if (name == Recipes.FineTune.Name)
        {
            var before = TrainingRun.Execute(options with { Output = Path.Combine(folder.Path, "before"), Training = TinyPictures.Options });
            options = options with { Start = new StartOptions { InitialWeights = before.Folder.Model } };
        }

        options = options.WithRecipe(Recipes.Get(name));
        Assert.IsEmpty(options.ListFaults());

        var result = TrainingRun.Execute(options with
        {
            Training = options.Training with { Epochs = 1, Device = Device.Cpu, Precision = Precision.Float32 },
        });

        Assert.IsNull(result.Fault);
        Assert.IsTrue(double.IsFinite(result.Metrics!.LogLoss));
        var read = OptionsFile.Read(result.Folder.Options).Training with { Epochs = options.Training.Epochs };
        Assert.AreEqual(
            JsonSerializer.Serialize(options.Training with { Device = Device.Cpu, Precision = Precision.Float32 }),
            JsonSerializer.Serialize(read));
    }

    [TestMethod]
    public void Get_InAnyCase_IsTheRecipeAndOthersAreRefusedWithAllNames()
    {
        Assert.AreSame(Recipes.SmallData, Recipes.Get("Small-Data"));
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => Recipes.Get("smal")).Message,
            "'smal'; it must be one of plain, small-data, thorough, paper, fine-tune, fast.");
    }

    [TestMethod]
    [DataRow(199, "plain")]
    [DataRow(200, "small-data")]
    [DataRow(100_000, "small-data")]
    [DataRow(100_001, "plain")]
    public void GetDefault_AtItsBorders_Changes(int pictures, string name) =>
        Assert.AreEqual(name, Recipes.GetDefault(pictures).Name);

    [TestMethod]
    [DataRow(100, "small-data")]
    [DataRow(99, "plain")]
    public void Make_OfAFolder_CountsThePicturesToTrainOn(int perClass, string recipe)
    {
        using var folder = new TemporaryFolder();
        foreach (var picture in Enumerable.Range(0, perClass))
        {
            foreach (var part in (string[])["train/red", "train/blue", "test/red", "test/blue"])
                folder.Write($"data/{part}/{picture}.png");
        }

        var options = new RunOptions { Data = Path.Combine(folder.Path, "data"), Output = "run", Split = new() { ValidationFraction = 0 } };
        Assert.AreEqual(new RecipeChoice(Recipes.Get(recipe), 2 * perClass), RecipeChoice.Make(options));
        Assert.AreEqual(
            new RecipeChoice(Recipes.Plain, 2 * perClass),
            RecipeChoice.Make(options with { Start = new StartOptions { InitialWeights = "a.zip" } }));
    }

    // Counts by the shares, and reads no picture: none could be drawn of two that are the same.
    [TestMethod]
    [DataRow(0.1, 0.1, 16)]
    [DataRow(0.25, 0.25, 10)]
    [DataRow(0, 0.4, 12)]
    public void Make_OfAFolderWithoutParts_CountsByTheShares(double validation, double test, int train)
    {
        using var folder = new TemporaryFolder();
        foreach (var picture in Enumerable.Range(0, 20))
            folder.Write($"{(picture % 2 == 0 ? "red" : "blue")}/{picture}.png", "the same"u8.ToArray());

        var options = new RunOptions { Data = folder.Path, Split = new() { ValidationFraction = validation, TestFraction = test } };
        Assert.AreEqual(train, RecipeChoice.Make(options).TrainPictures);
        Assert.ThrowsExactly<AlexNetException>(() => options.OpenData());
        Assert.ThrowsExactly<OperationCanceledException>(() => options.OpenData(new CancellationToken(canceled: true)));
    }

    [TestMethod]
    public void WithRecipe_OfAPreset_LeavesAStartThatIsNamed()
    {
        var options = new RunOptions { Data = "x" };
        var paper = new StartOptions { Preset = "paper", InitialBias = Recipes.Paper.InitialBias };
        Assert.AreEqual(paper, options.WithRecipe(Recipes.Paper).Start);
        Assert.AreEqual(paper with { InitialBias = 0.3 }, (options with { Start = new() { InitialBias = 0.3 } }).WithRecipe(Recipes.Paper).Start);
        foreach (var start in (StartOptions[])[new() { Preset = "caffe" }, new() { Stack = "s.json" }, new() { InitialWeights = "a.zip" }])
            Assert.AreEqual(start, (options with { Start = start }).WithRecipe(Recipes.Paper).Start);
    }

    [TestMethod]
    public void WithOptimizer_AnotherOne_BringsItsOwnRates()
    {
        var adam = new TrainingOptions { Optimizer = OptimizerKind.AdamW, LearningRate = 1e-5, WeightDecay = 0.1 };
        var sgd = adam.WithOptimizer(OptimizerKind.Sgd);
        Assert.AreEqual((0.01, 5e-4), (sgd.LearningRate, sgd.WeightDecay));
        Assert.AreSame(adam, adam.WithOptimizer(OptimizerKind.AdamW));

        var odd = new TrainingOptions { Momentum = 0.5, Nesterov = true, LearningRate = 0.1, WeightDecay = 0 };
        var changed = odd.WithOptimizer(OptimizerKind.AdamW);
        Assert.AreEqual((0.001, 0.05), (changed.LearningRate, changed.WeightDecay));
        Assert.IsEmpty(changed.ListFaults(hasValidation: true));

        // What is not given follows the optimizer; what is given stays.
        Assert.AreEqual(0.01, (Recipes.SmallData.Training with { Optimizer = OptimizerKind.Sgd }).LearningRate);
        Assert.AreEqual(0.1, (odd with { Optimizer = OptimizerKind.AdamW }).LearningRate);
    }

    [TestMethod]
    public void WithSchedule_AnotherOne_HasTheUsualDecay()
    {
        var step = new TrainingOptions { Schedule = LearningRateSchedule.Step, DecayEpochs = 2, DecayFactor = 0.5 };
        Assert.AreSame(step, step.WithSchedule(LearningRateSchedule.Step));
        Assert.IsEmpty(step.WithSchedule(LearningRateSchedule.Cosine).ListFaults(hasValidation: true));
    }
}
