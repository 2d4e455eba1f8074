using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests.Runs;

[TestClass]
public sealed class OptionsFileTests
{
    private static readonly RunOptions Unusual = new()
    {
        Data = Path.GetFullPath("bilder & <fotos>"),
        Split = new SplitOptions { ValidationFraction = 0.2, TestFraction = 0.3, Seed = 7 },
        SkipBadImages = true,
        Unlabelled = Path.GetFullPath("more"),
        Pretrain = true,
        Start = new StartOptions
        {
            Preset = "paper", InitialBias = 0.2, Stack = Path.GetFullPath("own.json"), InitialWeights = Path.GetFullPath("old.zip"),
            RenamedClasses = new Dictionary<string, string> { ["hat"] = "hut" },
        },
        Training = new TrainingOptions
        {
            Epochs = 3, BatchSize = 5, LearningRate = 0.1 + 0.2, WarmUpSteps = 1,
            Schedule = LearningRateSchedule.Step,
            DecayFactor = 0.5, DecayEpochs = 2, Momentum = 0.8, WeightDecay = 1e-7, Dropout = 0, LabelSmoothing = 0.1,
            ClassWeights = new Dictionary<string, double> { ["größe"] = 2.5 }, GradientClipNorm = 1,
            LayerDecays = new Dictionary<string, double> { ["dense_1"] = 0.02 }, BalancedClasses = true,
            Optimizer = OptimizerKind.AdamW, Nesterov = true, BatchNormalization = true, AveragingDecay = 0.99,
            InitialCropShare = 0.5, MeanImage = true,
            InitialWeightsRate = 0.1, LayerRates = new Dictionary<string, double> { ["conv2d_5"] = 0.2 },
            FreezeUntil = "conv2d_1", FrozenViews = 2,
            Teacher = new()
            {
                Model = Path.GetFullPath("net.onnx"), Output = "relu", Mean = [1, 2, 3], StandardDeviation = [4, 5, 6], Views = 3,
                PredictionWeight = 0.7, Temperature = 2, FeatureWeight = 0.1,
            },
            Augmentation = new()
            {
                RandomCrop = false, SmallestArea = 0.35, Flip = false, ColorJitter = 0.3, TrivialAugment = true,
                RandomErasing = 0.25, Mixup = 0.2, CutMix = 1, MixingProbability = 0.5, Lighting = 0.1,
            },
            EarlyStoppingEpochs = 4, TopK = 2, Views = ScoringViews.TenCrops, Device = Device.Cpu, Precision = Precision.Float32, Seed = 7,
        },
    };

    [TestMethod]
    public void Read_OfWrittenOptions_GivesEveryOption()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "options.json");

        OptionsFile.Write(Unusual, path);
        var read = OptionsFile.Read(path);

        Assert.AreEqual(JsonSerializer.Serialize(Unusual), JsonSerializer.Serialize(read));
        Assert.AreEqual(0.1 + 0.2, read.Training.LearningRate);
        Assert.AreEqual(2.5, read.Training.ClassWeights!["größe"]);
        StringAssert.Contains(File.ReadAllText(path), "größe");
    }

    // A new option that is forgotten here would be forgotten in the round trip above as well.
    [TestMethod]
    public void Unusual_EveryOptionOfTheFile_DiffersFromItsDefault()
    {
        Differs(new TrainingOptions(), Unusual.Training);
        Differs(new TeacherOptions { Model = "" }, Unusual.Training.Teacher!);
        Differs(new Augmentation(), Unusual.Training.Augmentation);
        Differs(new StartOptions(), Unusual.Start);
        Differs(new SplitOptions(), Unusual.Split);

        static void Differs<T>(T standard, T unusual)
        {
            foreach (var option in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(option => !option.IsDefined(typeof(JsonIgnoreAttribute))))
            {
                Assert.AreNotEqual(option.GetValue(standard), option.GetValue(unusual), option.Name);
            }
        }
    }

    // As runs wrote it before the start had a record of its own.
    private const string Earlier = """
        {
          "data": "/pictures",
          "split": { "validationFraction": 0.1, "testFraction": 0.1, "seed": 1 },
          "skipBadImages": false,
          "initialWeights": WEIGHTS,
          "stack": STACK,
          "quantize": true,
          "training": {
            "preset": "PRESET", "initialBias": BIAS, "epochs": 4, "batchSize": 8, "learningRate": 0.01, "warmUpSteps": 5,
            "schedule": "Cosine", "decayFactor": 0.1, "decayEpochs": 5, "momentum": 0.9, "weightDecay": 0.0005,
            "dropout": 0.5, "labelSmoothing": 0, "classWeights": null, "gradientClipNorm": null, "augment": true,
            "earlyStoppingEpochs": null, "topK": 5, "device": "Auto", "precision": "Auto", "seed": 1
          }
        }
        """;

    // A preset and a dropout of 0.5 were always written; the preset did nothing beside a stack or a model, the dropout
    // nothing beside a stack, and a model keeps its own.
    [TestMethod]
    [DataRow("keras", null, null, null, "keras", null, 0.5)]
    [DataRow("paper", 0.1, null, null, "paper", 0.1, 0.5)]
    [DataRow("paper", 0.1, "/s.json", null, null, null, null)]
    [DataRow("keras", null, null, "/a.zip", null, null, null)]
    [DataRow("caffe", null, null, "/a.pth", "caffe", null, null)]
    public void Read_OfAnEarlierRun_MovesItsStart(
        string preset, double? bias, string? stack, string? weights, string? expected, double? expectedBias, double? dropout)
    {
        using var folder = new TemporaryFolder();
        var text = Earlier.Replace("PRESET", preset).Replace("BIAS", JsonSerializer.Serialize(bias))
            .Replace("STACK", JsonSerializer.Serialize(stack)).Replace("WEIGHTS", JsonSerializer.Serialize(weights));

        var read = OptionsFile.Read(folder.Write("options.json", Encoding.UTF8.GetBytes(text)));

        Assert.AreEqual(
            new StartOptions { Preset = expected, InitialBias = expectedBias, Stack = stack, InitialWeights = weights },
            read.Start);
        Assert.AreEqual(dropout, read.Training.Dropout);
        Assert.AreEqual(4, read.Training.Epochs);
        Assert.IsTrue(read.Quantize);
        Assert.IsEmpty((read with { Output = "x" }).ListFaults());
    }

    [TestMethod]
    [DataRow("true", true)]
    [DataRow("false", false)]
    public void Read_OfARunThatSaidOnlyWhetherToAugment_GivesWhatThatWas(string augment, bool isRandom)
    {
        using var folder = new TemporaryFolder();
        var text = $$"""{ "data": "x", "training": { "augment": {{augment}} }, "start": {} }""";
        var read = OptionsFile.Read(folder.Write("options.json", Encoding.UTF8.GetBytes(text)));
        Assert.AreEqual(isRandom ? new Augmentation() : Augmentation.None, read.Training.Augmentation);
    }

    // Pixels of the preset's squares, 227 or 224; those of a stack in a file are not known.
    // Runs of before always wrote it.
    [TestMethod]
    [DataRow("\"stack\": \"s.json\"")]
    [DataRow("\"initialWeights\": \"a.zip\"")]
    [DataRow("\"preset\": \"paper\"")]
    public void Read_FirstSizeThatIsNone_IsForgotten(string start)
    {
        using var folder = new TemporaryFolder();
        var text = $$"""{ "data": "x", "training": { "initialCropSize": null }, "start": { {{start}} } }""";
        Assert.AreEqual(1, OptionsFile.Read(folder.Write("options.json", Encoding.UTF8.GetBytes(text))).Training.InitialCropShare ?? 1);
    }

    [TestMethod]
    [DataRow("", 128.0 / 227)]
    [DataRow("\"preset\": \"torchvision\"", 128.0 / 224)]
    public void Read_OfARunWithAFirstSizeInPixels_GivesItsShare(string start, double share)
    {
        using var folder = new TemporaryFolder();
        var text = $$"""{ "data": "x", "training": { "initialCropSize": 128 }, "start": { {{start}} } }""";
        var read = OptionsFile.Read(folder.Write("options.json", Encoding.UTF8.GetBytes(text)));
        Assert.AreEqual(share, read.Training.InitialCropShare);
    }

    [TestMethod]
    [DataRow("{ \"data\": \"x\", \"training\": { \"initialCropSize\": 9 }, \"start\": { \"stack\": \"s.json\" } }", "initialCropSize")]
    [DataRow("{ \"data\": \"x\", \"epoch\": 3 }", "epoch")]
    [DataRow("{ \"data\": \"x\", \"training\": { \"epochs\": \"many\" } }", "epochs")]
    [DataRow("{ }", "data")]
    [DataRow("null", "null")]
    [DataRow("not json", "cannot be used")]
    [DataRow("{ \"data\": \"x\", \"data\": \"y\" }", "cannot be used")]
    [DataRow("[]", "cannot be used")]
    [DataRow("{ \"data\": \"x\", \"training\": 3 }", "training")]
    [DataRow("{ \"data\": \"x\", \"training\": null }", "training")]
    [DataRow("{ \"data\": \"x\", \"split\": null }", "split")]
    [DataRow("{ \"data\": \"x\", \"start\": null }", "start")]
    [DataRow("{ \"data\": \"x\", \"training\": { \"precision\": 7 } }", "precision")]
    public void Read_OfAnotherFile_NamesTheFault(string text, string named)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("options.json", Encoding.UTF8.GetBytes(text));

        var message = Assert.ThrowsExactly<AlexNetException>(() => OptionsFile.Read(path)).Message;

        StringAssert.Contains(message, path);
        StringAssert.Contains(message, named);
    }

    [TestMethod]
    public void Read_OfNoFile_NamesThePath() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => OptionsFile.Read("no-such-options.json")).Message,
        "no-such-options.json");
}
