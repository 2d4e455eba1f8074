using System.Diagnostics;
using System.Text.Json;
using MlNetAlexNet.Images;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>A word means the same in every command, and what a file says holds unless a flag says otherwise.</summary>
[TestClass]
public sealed class OneMeaningTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Data = Path.Combine(Folder.Path, "data");
    private static readonly string Stack = Folder.Write("stack.json", """
        {"class_name":"Sequential","config":{"name":"s","layers":[
        {"class_name":"InputLayer","config":{"batch_input_shape":[null,28,28,3],"dtype":"float32","name":"i"}},
        {"class_name":"Conv2D","config":{"name":"conv","filters":4,"kernel_size":[5,5],"strides":[4,4],"activation":"relu",
         "kernel_regularizer":{"class_name":"L2","config":{"l2":0.01}},"kernel_constraint":{"class_name":"NonNeg","config":{}}}},
        {"class_name":"Flatten","config":{"name":"flat"}},
        {"class_name":"Dropout","config":{"name":"drop","rate":0.25}},
        {"class_name":"Dense","config":{"name":"dense","units":3,"activation":"softmax"}}]}}
        """u8.ToArray());
    private static readonly string Model = Path.Combine(Folder.Path, "run", "model.zip");
    private static Invocation s_training = null!;

    [ClassInitialize]
    public static async Task TrainOnce(TestContext context)
    {
        ColoredPictures.Draw(Data, 10);
        s_training = await Train("run", "--stack", Stack, "--recipe", "plain");
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public void Train_StackWithSettingsOfTraining_SaysWhatIsUsedAndWritesItDown()
    {
        Assert.AreEqual(0, s_training.ExitCode, s_training.Error);
        StringAssert.Contains(s_training.Out, "\nIgnored    conv: kernel_constraint\n");
        StringAssert.Contains(s_training.Out, "\nAugment    random crops, half of them mirrored\n");
        StringAssert.Contains(s_training.Out, "\nDropout    0.25 at drop\n");
        StringAssert.Contains(s_training.Out, "\nDecay      0.02 at conv; 0.0005 of the others\n");
        Assert.AreEqual("""{"conv":0.02}""", Written("run", "layerDecays"));
        Assert.IsFalse(s_training.Out.Contains("top-5", StringComparison.Ordinal), "Of three classes it says nothing.");
    }

    [TestMethod]
    [DataRow("--weight-decay 0.1", "layerDecays", "{}", "Dropout    0.25 at drop")]
    [DataRow("--layer-decay dense=0.1", "layerDecays", """{"dense":0.1}""", "Decay      0.1 at dense; 0.0005 of the others")]
    [DataRow("--dropout 0.1", "dropout", "0.1", "Dropout    0.1 at drop")]
    [DataRow("--dropout 0", "dropout", "0", "Augment    random crops, half of them mirrored\nDecay ")]
    [DataRow("--recipe small-data", "dropout", "null", "Dropout    0.25 at drop")]
    [DataRow("--no-flip", "dropout", "null", "Augment    random crops, none mirrored")]
    [DataRow("--no-augment", "dropout", "null", "Augment    nothing; the middle of each picture as it is")]
    [DataRow("--smallest-area 0.35 --color-jitter 0.2 --mixup 0.2", "dropout", "null",
        "Augment    random crops of 35% of a picture and more, half of them mirrored,\n             brightness, contrast and saturation by up to 20%, mixup 0.2")]
    [DataRow("--class-weight balanced", "balancedClasses", "true", "Epoch   1 ")]
    public async Task Train_FlagBesideAFile_IsWhatIsUsedAndWritten(string flags, string option, string written, string line)
    {
        var run = $"flagged {flags.Length} {option}";

        var result = await Train(run, ["--stack", Stack, .. flags.Split(' ')]);

        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.Contains(result.Out, $"\n{line}");
        Assert.AreEqual(written, Written(run, option));
    }

    [TestMethod]
    [DataRow("--stack")]
    [DataRow("--model")]
    public async Task Train_ModelWhereAStackMayBe_StartsFromIt(string flag)
    {
        var result = await Train($"on{flag}", flag, Model);

        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.Contains(result.Out, $"\nWeights    {Model}\n");
        StringAssert.Contains(result.Out, "\nDropout    0.25 at drop\n");
        Assert.AreEqual(JsonSerializer.Serialize(Model), Written($"on{flag}", "initialWeights"));
    }

    [TestMethod]
    public async Task Train_TwoModels_AreRefused()
    {
        var result = await Train("none", "--model", Model, "--initial-weights", Model);

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.StartsWith(result.Error, "error: --model and --initial-weights exclude each other");
    }

    [TestMethod]
    [DataRow("predict")]
    [DataRow("evaluate")]
    [DataRow("train")]
    public async Task Command_StackWhereAModelMustBe_SaysSo(string command)
    {
        var result = command == "train" ? await Train("none", "--initial-weights", Stack) : await Invocation.Of(command, Stack, Data);

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.StartsWith(result.Error, $"error: '{Stack}' is no model: it has no weights, and is a stack at most");
    }

    [TestMethod]
    public async Task Predict_StackThatIsAModel_SaysSo()
    {
        var result = await Invocation.Of("predict", Model, Data, "--stack", Model);

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.StartsWith(result.Error, $"error: '{Model}' is no stack, but a model with weights");
    }

    [TestMethod]
    public async Task Predict_CustomLayerOfAModelThatHasNone_IsRefused()
    {
        var result = await Invocation.Of("predict", Model, Data, "--custom-layer", "LRN=Identity");

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.Contains(result.Error, "CustomLayers say what layers in files of Keras' compute");
    }

    [TestMethod]
    public async Task Summary_ModelOrStack_IsTheSame()
    {
        var model = await Invocation.Of("summary", "--model", Model);

        Assert.AreEqual(0, model.ExitCode, model.Error);
        Assert.AreEqual((await Invocation.Of("summary", "--stack", Stack)).Out, model.Out);
    }

    [TestMethod]
    public async Task Summary_ClassesAsAListOrAFile_AreCounted()
    {
        var file = Folder.Write("names.txt", "cat\ndog\nhen\n"u8.ToArray());
        var three = (await Invocation.Of("summary", "--classes", "3")).Out;

        Assert.AreEqual(three, (await Invocation.Of("summary", "--classes", "cat,dog,hen")).Out);
        Assert.AreEqual(three, (await Invocation.Of("summary", "--classes", file)).Out);
    }

    [TestMethod]
    public async Task Predict_ClassesAsAListOrAFile_AreTheSame()
    {
        var file = Folder.Write("letters.txt", "a\nb\nc\n"u8.ToArray());

        var list = await Invocation.Of("predict", Model, Data, "--classes", "a,b, c", "--json");

        Assert.AreEqual(0, list.ExitCode, list.Error);
        Assert.AreEqual((await Invocation.Of("predict", Model, Data, "--classes", file, "--json")).Out, list.Out);
    }

    [TestMethod]
    [DataRow("1", 1)]
    [DataRow("2", 2)]
    [DataRow("20", 3)]
    public async Task Predict_Top_PrintsSoManyOfTheClassesBestFirst(string top, int printed)
    {
        var picture = ImageFolder.ListLabeled(Data)[0].ImagePath;

        var result = await Invocation.Of("predict", Model, picture, "--json", "--top", top);

        using var line = JsonDocument.Parse(result.Out);
        var guesses = line.RootElement.GetProperty("top").EnumerateArray().ToList();
        Assert.HasCount(printed, guesses);
        Assert.AreEqual(line.RootElement.GetProperty("label").GetString(), guesses[0].GetProperty("label").GetString());
        CollectionAssert.AreEqual(
            guesses.OrderByDescending(guess => guess.GetProperty("probability").GetSingle()).ToList(), guesses);
    }

    [TestMethod]
    public async Task Predict_JsonOfABadPicture_IsALineInItsPlace()
    {
        var bad = Folder.Write("bad.png", "none"u8.ToArray());
        string[] good = [.. ImageFolder.ListLabeled(Data).Take(2).Select(picture => picture.ImagePath)];

        var result = await Invocation.Of("predict", Model, good[0], bad, good[1], "--json");

        Assert.AreEqual((2, ""), (result.ExitCode, result.Error));
        var lines = result.Out.Trim().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        CollectionAssert.AreEqual(new[] { good[0], bad, good[1] }, lines.ConvertAll(line => line.GetProperty("path").GetString()));
        StringAssert.Contains(lines[1].GetProperty("error").GetString(), bad);
        Assert.IsFalse(lines[1].TryGetProperty("label", out _));
    }

    [TestMethod]
    [DataRow("nope.png", "'nope.png' does not exist")]
    [DataRow("nope*.png", "The pattern 'nope*.png' matches no picture")]
    [DataRow("nope", "'nope' does not exist")]
    [DataRow("EMPTY", "has no pictures")]
    public async Task Predict_EntryWithoutAPicture_IsAFaultInItsPlace(string entry, string message)
    {
        entry = entry == "EMPTY" ? Directory.CreateDirectory(Path.Combine(Folder.Path, "empty")).FullName : entry;
        string[] good = [.. ImageFolder.ListLabeled(Data).Take(2).Select(picture => picture.ImagePath)];

        var json = await Invocation.Of("predict", Model, good[0], entry, good[1], "--json");
        var text = await Invocation.Of("predict", Model, good[0], entry, good[1]);
        var alone = await Invocation.Of("predict", Model, entry, "--json");

        Assert.AreEqual((2, ""), (json.ExitCode, json.Error));
        var lines = json.Out.Trim().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        CollectionAssert.AreEqual(new[] { good[0], entry, good[1] }, lines.ConvertAll(line => line.GetProperty("path").GetString()));
        StringAssert.Contains(lines[1].GetProperty("error").GetString(), message);
        Assert.AreEqual((await Invocation.Of("predict", Model, good[0], good[1])).Out, text.Out);
        Assert.AreEqual((2, $"error: {lines[1].GetProperty("error").GetString()}\n"), (text.ExitCode, text.Error));
        Assert.AreEqual((2, lines[1].GetRawText(), ""), (alone.ExitCode, alone.Out.Trim(), alone.Error));
    }

    [TestMethod]
    public async Task Train_WithoutMirroringOnAModelOfMirrorImages_IsRefusedWithTheFlagThatWorks()
    {
        var mirrored = Path.Combine(Folder.Path, "mirrored.zip");
        Assert.AreEqual(0, (await Invocation.Of("convert", Model, mirrored, "--mirrored")).ExitCode);

        var refused = await Train("none", "--initial-weights", mirrored, "--no-flip");
        var taken = await Train("one-view", "--initial-weights", mirrored, "--no-flip", "--middle-crop");

        Assert.AreEqual(2, refused.ExitCode);
        StringAssert.Contains(refused.Error, "its Views are Mirrored. Set Views to Middle, or leave Flip as it is. The flag for that is --middle-crop.\n");
        Assert.AreEqual(0, taken.ExitCode, taken.Error);
    }

    [TestMethod]
    [DataRow("--mirrored")]
    [DataRow("--ten-crop")]
    public async Task Train_WithoutMirroringAndViewsThatMirror_IsRefused(string views)
    {
        var result = await Train("none", "--stack", Stack, "--no-flip", views);

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.Contains(result.Error, "which has mirror images, and Flip is false");
    }

    [TestMethod]
    [DataRow("validation", "0")]
    [DataRow("validation", "0.1")]
    [DataRow("test", "0")]
    [DataRow("test", "0.1")]
    public async Task Train_AnyShareOfAPartThatHasAFolder_IsRefused(string part, string share)
    {
        var parts = Path.Combine(Folder.Path, $"parts {part} {share}");
        ColoredPictures.Draw(Path.Combine(parts, "train"), 10);
        ColoredPictures.Draw(Path.Combine(parts, part), 2);
        var other = part == "test" ? "--validation-fraction" : "--test-fraction";
        string[] line = ["train", parts, "--stack", Stack, "--output", Path.Combine(parts, "run"), "--epochs", "1", other, "0.2"];

        var refused = await Invocation.Of([.. line, $"--{part}-fraction", share]);
        var taken = await Invocation.Of(line);

        Assert.AreEqual(2, refused.ExitCode);
        StringAssert.StartsWith(refused.Error, $"error: --{part}-fraction does nothing here: it is for pictures that have no {part} of their own. Leave it out");
        Assert.AreEqual(0, taken.ExitCode, taken.Error);
    }

    [TestMethod]
    [DataRow("--initial-weights MODEL --preset keras", "--preset")]
    [DataRow("--initial-weights MODEL --rename-class nobody=x", "--rename-class")]
    [DataRow("--stack STACK --validation-fraction 0 --early-stopping-epochs 3", "--validation-fraction")]
    [DataRow("--stack STACK --validation-fraction 0 --schedule ReduceOnPlateau", "--validation-fraction")]
    [DataRow("--stack STACK --layer-decay nobody=0.1", "--layer-decay")]
    [DataRow("--stack STACK --layer-rate nobody=0.1", "--layer-rate")]
    [DataRow("--initial-weights MODEL --mean-image", "--mean-image")]
    public async Task Train_OptionThatCannotBe_IsNamedByItsFlag(string flags, string flag)
    {
        var result = await Train("none", [.. flags.Split(' ').Select(word => word switch { "MODEL" => Model, "STACK" => Stack, _ => word })]);

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.EndsWith(result.Error, $" The flag for that is {flag}.\n");
    }

    [TestMethod]
    public async Task Train_MoreStepsThanCanBeCounted_IsRefusedWithTheFlag()
    {
        var result = await Invocation.Of(
            "train", Data, "--stack", Stack, "--output", Path.Combine(Folder.Path, "none"), "--epochs", "2147483647", "--batch-size", "1");

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.EndsWith(result.Error, "Lower Epochs. The flag for that is --epochs.\n");
    }

    [TestMethod]
    [DataRow("--rename-class nobody=x", "--rename-class")]
    [DataRow("--classes a,b", "--classes")]
    [DataRow("--classes green,blue,other", "--classes")]
    public async Task Predict_ClassesThatCannotBe_AreNamedByTheirFlag(string flags, string flag)
    {
        var result = await Invocation.Of(["predict", Model, Data, .. flags.Split(' ')]);

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.EndsWith(result.Error, $" The flag for that is {flag}.\n");
    }

    [TestMethod]
    public async Task Train_ClassRenamedAndOneAdded_SaysWhatIsKeptAndNew()
    {
        var more = Path.Combine(Folder.Path, "more");
        ColoredPictures.Draw(more, 10);
        Directory.Move(Path.Combine(more, "red"), Path.Combine(more, "rot"));
        Directory.Move(Path.Combine(more, "blue"), Path.Combine(more, "lila"));

        var result = await Invocation.Of(
            "train", more, "--output", Path.Combine(Folder.Path, "renamed"), "--epochs", "1", "--initial-weights", Model, "--rename", "red=rot");

        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.Contains(result.OutWords, $" Weights {Model}; kept: green, rot; new: lila; gone: blue ");
    }

    [TestMethod]
    public async Task Train_ShareOfAPartThatHasAFolder_IsRefused()
    {
        var parts = Path.Combine(Folder.Path, "parts");
        ColoredPictures.Draw(Path.Combine(parts, "train"), 10);
        ColoredPictures.Draw(Path.Combine(parts, "validation"), 2);

        var result = await Invocation.Of(
            "train", parts, "--stack", Stack, "--output", Path.Combine(Folder.Path, "none"), "--validation-fraction", "0.3");

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.Contains(result.Error, "--validation-fraction does nothing here: it is for pictures that have no validation of their own.");
    }

    // The last layer is the only one that is trained.
    [TestMethod]
    public async Task Train_NothingToNormalize_IsRefusedWhereItWasAskedForAndElseLeftOut()
    {
        string[] flags = ["--initial-weights", Model, "--freeze-until", "conv"];

        var asked = await Train("normalized", [.. flags, "--batch-normalization"]);
        var recipe = await Train("left-out", [.. flags, "--recipe", "fine-tune"]);

        Assert.AreEqual(2, asked.ExitCode);
        StringAssert.StartsWith(asked.Error, "error: BatchNormalization has nothing to normalize");
        Assert.AreEqual(0, recipe.ExitCode, recipe.Error);
        Assert.AreEqual("false", Written("left-out", "batchNormalization"));
    }

    // Cultures that the command does without are there when the environment asks for them.
    [TestMethod]
    [DataRow("de_DE.UTF-8")]
    [DataRow("th_TH.UTF-8")]
    [DataRow("ar_SA.UTF-8")]
    public async Task Train_InAnotherCulture_ReadsAndWritesNumbersAsEverywhere(string culture)
    {
        var run = Path.Combine(Folder.Path, culture);
        var start = new ProcessStartInfo("dotnet",
            [typeof(CommandLine).Assembly.Location, "train", Data, "--stack", Stack, "--output", run, "--no-pixel-cache",
            "--epochs", "1", "--learning-rate", "0.01", "--seed", "-3"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0", ["LANG"] = culture, ["LC_ALL"] = culture },
        };

        using var training = Process.Start(start)!;
        var output = await training.StandardOutput.ReadToEndAsync();
        await training.WaitForExitAsync();

        Assert.AreEqual(0, training.ExitCode, await training.StandardError.ReadToEndAsync());
        Assert.AreEqual(("0.01", "-3"), (Written(culture, "learningRate"), Written(culture, "seed")));
        StringAssert.Contains(output, "learning rate 0.0");
    }

    private static Task<Invocation> Train(string run, params string[] flags) =>
        Invocation.Of(["train", Data, "--output", Path.Combine(Folder.Path, run), "--epochs", "1", .. flags]);

    private static string Written(string run, string option)
    {
        using var options = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder.Path, run, "options.json")));
        var (root, training) = (options.RootElement, options.RootElement.GetProperty("training"));
        var value = training.TryGetProperty(option, out var of) ? of : root.GetProperty("start").GetProperty(option);
        return JsonSerializer.Serialize(value);
    }
}
