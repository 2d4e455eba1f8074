using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Tests;

/// <summary>Every preset trains; its thin kind stands for it, and starts as it does.</summary>
[TestClass]
public sealed class PresetTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static IEnumerable<object[]> Cases =>
        from preset in AlexNet.Presets
        from precision in (Precision[])[Precision.Float32, Precision.BFloat16]
        select new object[] { preset.Name, precision };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Train_OneStep_MovesEveryWeight(string name, Precision precision)
    {
        var preset = AlexNet.Preset(name);
        var start = preset.InitialWeights(ThinPreset.Of(preset, 3, 0.5).Plan(), new Random(1));

        var result = Train(new TrainingOptions
        {
            Network = (classes, dropout) => ThinPreset.Of(preset, classes, dropout),
            InitialWeights = start,
            Preprocessing = preset.Preprocessing,
            Epochs = 1,
            BatchSize = 6,
            WarmUpSteps = 0,
            LearningRate = 0.1,
            Schedule = LearningRateSchedule.Constant,
            ValidationFraction = 0,
            Device = Device.Cpu,
            Precision = precision,
        });

        Assert.IsTrue(double.IsFinite(result.History[0].TrainLoss));
        Assert.AreEqual(precision, result.Precision);
        foreach (var (key, weight) in result.Model.Weights)
        {
            CollectionAssert.AreNotEqual(start[key].Values, weight.Values, key);
        }
    }

    [TestMethod]
    public void InitialBias_OfThePaper_ReplacesTheOnesAlone()
    {
        var start = UntrainedModel.Of(new TrainingOptions { Preset = "paper", InitialBias = 0.1 }, ["a", "b"], 256);

        var biases = start.Plan.Where(layer => layer.Weights.Count == 2)
            .Select(layer => start.Weights[$"{layer.Name}/bias"].Values).ToList();
        CollectionAssert.AreEqual(new[] { 0, 0.1f, 0, 0.1f, 0.1f, 0.1f, 0.1f, 0 }, biases.Select(bias => bias[0]).ToArray());
        Assert.IsTrue(biases.All(bias => bias.Distinct().Count() == 1));
    }

    [TestMethod]
    public void Model_OfANamedPreset_StartsAsItsAuthorsDid()
    {
        var options = new TrainingOptions { Preset = "Caffe", Seed = 3 };

        var start = UntrainedModel.Of(options, TinyPictures.Classes, imageSize: 300);

        Assert.AreEqual(0.1f, start.Weights["dense_1/bias"].Values[0]);
        Assert.AreEqual(300, start.Preprocessing.ImageSize);
        CollectionAssert.AreEqual((float[])[1, 1, 1], start.Preprocessing.StandardDeviation.ToArray());
        Assert.AreEqual("dropout_1", start.Plan.First(layer => layer.Layer is Dropout).Name);
    }

    [TestMethod]
    public void Train_UnknownPreset_IsRefusedByName()
    {
        var error = Assert.ThrowsExactly<AlexNetException>(() => Train(new TrainingOptions { Preset = "vgg" }));

        StringAssert.Contains(error.Message, "Preset is 'vgg'; it must be one of keras, paper,");
    }

    private TrainingResult Train(TrainingOptions options)
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 6).Select(i =>
        {
            var pixels = new byte[256 * 256 * 3];
            random.NextBytes(pixels);
            return new Row { Pixels = pixels, Label = TinyPictures.Classes[i % 3] };
        }).ToList();
        var data = _ml.Data.LoadFromEnumerable(rows);
        data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        return _ml.MulticlassClassification.Trainers.AlexNet(options).Train(data);
    }

    private sealed class Row
    {
        [VectorType(256, 256, 3)]
        public byte[] Pixels { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
