using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetAlexNet.Images;
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
        InitialWeights = Path.GetFullPath("old.zip"),
        Training = new TrainingOptions
        {
            Preset = "paper", InitialBias = 0.2, Epochs = 3, BatchSize = 5, LearningRate = 0.1 + 0.2, WarmUpSteps = 1,
            Schedule = LearningRateSchedule.Step,
            DecayFactor = 0.5, DecayEpochs = 2, Momentum = 0.8, WeightDecay = 1e-7, Dropout = 0, LabelSmoothing = 0.1,
            ClassWeights = new Dictionary<string, double> { ["größe"] = 2.5 }, GradientClipNorm = 1, Augment = false,
            EarlyStoppingEpochs = 4, ValidationFraction = 0.2, TopK = 2, Device = Device.Cpu,
            Precision = Precision.Float32, Seed = 7, LabelColumnName = "L", PixelsColumnName = "P",
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
        var options = typeof(TrainingOptions).GetProperties()
            .Where(property => !property.IsDefined(typeof(JsonIgnoreAttribute), inherit: false));
        foreach (var option in options)
            Assert.AreNotEqual(option.GetValue(new TrainingOptions()), option.GetValue(Unusual.Training), option.Name);
    }

    [TestMethod]
    [DataRow("{ \"data\": \"x\", \"epoch\": 3 }", "epoch")]
    [DataRow("{ \"data\": \"x\", \"training\": { \"epochs\": \"many\" } }", "epochs")]
    [DataRow("{ }", "data")]
    [DataRow("null", "null")]
    [DataRow("not json", "cannot be used")]
    public void Read_OfAnotherFile_NamesTheFault(string text, string named)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("options.json", System.Text.Encoding.UTF8.GetBytes(text));

        var message = Assert.ThrowsExactly<AlexNetException>(() => OptionsFile.Read(path)).Message;

        StringAssert.Contains(message, path);
        StringAssert.Contains(message, named);
    }

    [TestMethod]
    public void Read_OfNoFile_NamesThePath() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => OptionsFile.Read("no-such-options.json")).Message,
        "no-such-options.json");
}
