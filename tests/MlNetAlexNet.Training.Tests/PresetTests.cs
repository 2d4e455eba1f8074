using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Trainers;

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
        var preset = AlexNet.GetPreset(name);
        var start = preset.InitialWeights(ThinPreset.Of(preset, 3, 0.5).Plan(), new Random(1), preset.InitialBias);

        var result = Train(
            new TrainingOptions
            {
                Epochs = 1,
                BatchSize = 6,
                WarmUpSteps = 0,
                LearningRate = 0.1,
                Schedule = LearningRateSchedule.Constant,
                Device = Device.Cpu,
                Precision = precision,
            },
            TrainingStart.FromStack(classes => ThinPreset.Of(preset, classes, 0.5), start, preset.Preprocessing));

        Assert.IsTrue(double.IsFinite(result.History[0].TrainLoss));
        Assert.AreEqual(precision, result.Precision);
        foreach (var (key, weight) in result.Model.Weights)
        {
            CollectionAssert.AreNotEqual(start[key].Values, weight.Values, key);
        }
    }

    private TrainingResult Train(TrainingOptions options, TrainingStart start)
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
        return _ml.MulticlassClassification.Trainers.AlexNet(options, start, new TrainingColumns { ValidationFraction = 0 })
            .Train(data);
    }

    private sealed class Row
    {
        [VectorType(256, 256, 3)]
        public byte[] Pixels { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
