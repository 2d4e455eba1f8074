using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Engine;
using MlNetAlexNet.Training.Trainers;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Trainers;

/// <summary>What ML.NET's own image classification trainer does wrong, each shown not to happen here.</summary>
[TestClass]
public sealed class ImageTrainerDefectTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void LearningRate_UnderTheDefaultSchedule_IsTheOneAskedFor()
    {
        var seen = new Recorder();
        var options = TinyPictures.Options with { WarmUpSteps = 0 };
        Assert.AreEqual(LearningRateSchedule.Cosine, options.Schedule);
        Train(options with { LearningRate = 0.02 }, seen: seen);
        Assert.AreEqual(0.02, seen.Steps.First().LearningRate);

        var slow = Train(options with { LearningRate = 1e-6 }).Model.Weights["dense_2/kernel"].Values;
        var start = Layers.WeightInitializer.HeNormal(TinyPictures.Network(3, 0.2).Plan(), new Random(options.Seed));
        var moved = slow.Zip(start["dense_2/kernel"].Values, (after, before) => Math.Abs(after - before)).Max();
        Assert.IsLessThan(1e-3f, moved);
    }

    [TestMethod]
    public void Validation_GivenToFit_IsWhatIsValidated()
    {
        var seen = new Recorder();
        var rows = TinyPictures.Rows(30, seed: 2);
        var options = TinyPictures.Options with { Epochs = 8 };
        var right = Train(options, rows, seen);
        Assert.AreEqual(30, seen.Started.ValidationPictures);
        Assert.AreEqual(1, right.History[^1].ValidationAccuracy);

        // The same pictures under other names are all wrong.
        rows.ForEach(row => row.Label = TinyPictures.Classes[(Array.IndexOf(TinyPictures.Classes, row.Label) + 1) % 3]);
        Assert.AreEqual(0, Train(options, rows).History[^1].ValidationAccuracy);
    }

    [TestMethod]
    public void UndecodablePicture_InTraining_StopsTheFitByName()
    {
        var bad = Path.Combine(Directory.CreateTempSubdirectory().FullName, "notes.jpg");
        File.WriteAllText(bad, "not a picture");
        try
        {
            var data = _ml.Data.LoadFromEnumerable(new[]
            {
                new LabeledImage { ImagePath = bad, Label = "a" }, new LabeledImage { ImagePath = bad, Label = "b" },
            });
            var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
                .Append(_ml.Transforms.LoadPixels())
                .Append(_ml.MulticlassClassification.Trainers.AlexNet(start: TrainingStart.FromStack(
                    classes => new Layers.Sequential(Layers.TensorShape.Image(28, 28, 3))
                    {
                        new Layers.Flatten(), new Layers.Dense(classes, Layers.Activation.Softmax),
                    })));
            var error = Assert.ThrowsExactly<AlexNetException>(() => pipeline.Fit(data));
            StringAssert.Contains(error.Message, "notes.jpg");
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(bad)!, recursive: true);
        }
    }

    [TestMethod]
    public void Split_OfTheTrainersOwn_HasEveryClassAndIsNeverEmpty()
    {
        var seen = new Recorder();
        var rows = TinyPictures.Rows(30, seed: 1);
        rows.RemoveRange(3, 9);
        Trainer(TinyPictures.Options with { Epochs = 1 }, seen, validationFraction: 0.01).Train(TinyPictures.Data(_ml, rows));
        Assert.AreEqual(3, seen.Started.ValidationPictures, "one of each class, though a hundredth of seven is none");
        Assert.AreEqual(18, seen.Started.TrainPictures);

        var single = TinyPictures.Rows(30, seed: 1);
        single.RemoveAll(row => row.Label == "green" && row != single[1]);
        var error = Assert.ThrowsExactly<AlexNetException>(
            () => Trainer(TinyPictures.Options).Train(TinyPictures.Data(_ml, single)));
        StringAssert.Contains(error.Message, "'green' has 1");
    }

    [TestMethod]
    public void TrainingSet_SmallerThanTheBatch_LearnsWithoutNaN()
    {
        var result = Train(TinyPictures.Options with { BatchSize = 512, Epochs = 30, WarmUpSteps = 2 });
        Assert.IsTrue(result.History.All(epoch => double.IsFinite(epoch.TrainLoss)));
        Assert.IsLessThan(result.History[0].TrainLoss / 2, result.History[^1].TrainLoss);
    }

    [TestMethod]
    public void EarlyStopping_FitTwice_StartsAfreshEachTime()
    {
        var trainer = Trainer(TinyPictures.Options with { Epochs = 12, EarlyStoppingEpochs = 1 });
        var data = TinyPictures.Data(_ml, TinyPictures.Rows(60, seed: 1));
        var first = trainer.Train(data);
        var second = trainer.Train(data);
        Assert.HasCount(first.History.Count, second.History);
        AlexNetTrainerTests.AssertEqualWeights(first.Model.Weights, second.Model.Weights);
    }

    [TestMethod]
    public void EarlyStopping_AfterAnEpochWithoutGain_RestoresTheBestWeights()
    {
        var rows = TinyPictures.Rows(60, seed: 2);
        for (var i = 0; i < rows.Count; i += 3)
        {
            rows[i].Label = "blue"; // what cannot be learnt: validation soon stops improving
        }

        var result = Train(
            TinyPictures.Options with { Epochs = 100, EarlyStoppingEpochs = 1, LearningRate = 0.02 }, rows);
        Assert.IsLessThan(100, result.History.Count);
        Assert.AreEqual(result.History.Count - 1, result.BestEpoch);
        var best = result.History[result.BestEpoch - 1];
        Assert.AreEqual(result.History.Max(epoch => epoch.ValidationAccuracy), best.ValidationAccuracy);

        using var pixels = PixelReader.Read(
            TinyPictures.Data(_ml, rows), "Pixels", "Label", TinyPictures.Classes, default);
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(
            result.Model.Plan, result.Model.Weights, result.Model.Preprocessing, CPU, ScalarType.Float32);
        using var tally = new Tally(batches: 1, perReading: 1, CPU);
        foreach (var batch in new BatchSource(new(pixels, [.. Enumerable.Range(0, 60)]), 60, 28, threads: 1).TakeMiddles())
        {
            var logits = network.Forward(network.Normalize(batch.Pixels), dropout: null);
            tally.Add(ClassificationLoss.ComputePlain(logits, batch.Labels), logits, batch.Labels);
            tally.Read();
        }

        Assert.AreEqual(best.ValidationAccuracy, tally.Accuracy);
        Assert.AreEqual(best.ValidationLoss!.Value, tally.Loss, 1e-5);
    }

    [TestMethod]
    public void Order_OfEveryEpoch_IsAnother()
    {
        // Nothing is learnt and nothing drawn, so a picture's loss names the picture.
        var seen = new Recorder();
        var options = TinyPictures.Options with
        {
            LearningRate = 1e-12,
            BatchSize = 1,
            Dropout = 0,
            Augmentation = Augmentation.None,
            Epochs = 2,
        };
        Train(options, seen: seen);
        var first = Losses(seen, epoch: 1);
        var second = Losses(seen, epoch: 2);
        CollectionAssert.AreEquivalent(first, second);
        CollectionAssert.AreNotEqual(first, second);

        static string[] Losses(Recorder seen, int epoch) =>
            [.. seen.Steps.Where(step => step.Epoch == epoch).Select(step => $"{step.Loss:0.00000}")];
    }

    [TestMethod]
    public void EpochMetrics_AreTheMeanOverAllItsPictures()
    {
        var seen = new Recorder();
        var result = Train(TinyPictures.Options with { BatchSize = 1, Epochs = 1 }, seen: seen);
        Assert.AreEqual(seen.Steps.Average(step => step.Loss), result.History[0].TrainLoss, 1e-9);
        Assert.AreNotEqual(seen.Steps.Last().Loss, result.History[0].TrainLoss, 1e-6);
    }

    private TrainingResult Train(
        TrainingOptions options, List<TinyPictures.Row>? validation = null, Recorder? seen = null) =>
        Trainer(options, seen).Train(
            TinyPictures.Data(_ml, TinyPictures.Rows(60, seed: 1)),
            TinyPictures.Data(_ml, validation ?? TinyPictures.Rows(12, seed: 2)));

    private AlexNetTrainer Trainer(TrainingOptions options, Recorder? seen = null, double validationFraction = 0.1) =>
        _ml.MulticlassClassification.Trainers.AlexNet(
            options,
            TinyPictures.Start,
            new TrainingColumns { ValidationFraction = validationFraction },
            new TrainingObservation { Progress = seen });
}
