using System.Text;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training.Runs;
using MlNetAlexNet.Training.Tests.Teachers;

namespace MlNetAlexNet.Training.Tests.Runs;

[TestClass]
public sealed class TaughtRunTests
{
    [TestMethod]
    public void Execute_TeacherAndPicturesWithoutLabels_LearnsFromAll()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Training = Training(folder) with { Epochs = 8 } };
        var more = Path.Combine(folder.Path, "more");
        ColoredPictures.Draw(Path.Combine(more, "in", "folders"), perClass: 15); // some are those of the data
        File.CreateSymbolicLink(Path.Combine(more, "data"), options.Data);
        var progress = new List<TrainingProgress>();

        var result = TrainingRun.Execute(
            options with { Unlabelled = more }, new() { Progress = new ProgressHandler<TrainingProgress>(progress.Add) });

        var found = progress.OfType<PicturesFound>().Single();
        var known = ReadAll(options.Data).ToHashSet();
        var others = ReadAll(Path.Combine(more, "in")).Count(picture => !known.Contains(picture));
        Assert.IsTrue(others is > 0 and < 45);
        var train = ImageFolder.Open(options.Data, options.Split).Train.Count;
        Assert.AreEqual((train, others), (found.Train, found.Unlabelled)); // what looks the same is left out, wherever it lies
        Assert.AreEqual(train + others, progress.OfType<TrainingStarted>().Single().TrainPictures);
        Assert.IsGreaterThan(0.8, progress.OfType<TeacherReady>().Single().Accuracy!.Value);
        Assert.IsGreaterThan(0.5, result.Metrics!.Top1);
        Assert.AreEqual(options.Training.Teacher, OptionsFile.Read(result.Folder.Options).Training.Teacher! with
        {
            Mean = options.Training.Teacher!.Mean,
            StandardDeviation = options.Training.Teacher!.StandardDeviation,
        });
    }

    [TestMethod]
    public void Execute_SameSeedTwice_GivesTheSameWeights()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Training = Training(folder) with { Epochs = 2 } };
        var one = TrainingRun.Execute(options).Folder;
        var other = TrainingRun.Execute(options with { Output = Path.Combine(folder.Path, "other") }).Folder;
        CollectionAssert.AreEqual(
            ModelZip.Read(one.Model).Weights.Values.SelectMany(weight => weight.Values).ToArray(),
            ModelZip.Read(other.Model).Weights.Values.SelectMany(weight => weight.Values).ToArray());
    }

    [TestMethod]
    public void Execute_InterruptedAndResumed_GivesTheSameWeights()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Training = Training(folder) with { Epochs = 3 } };
        var whole = TrainingRun.Execute(options with { Output = Path.Combine(folder.Path, "whole") }).Folder;
        using var source = new CancellationTokenSource();
        var cut = TrainingRun.Execute(options, new()
        {
            CancellationToken = source.Token,
            Progress = new ProgressHandler<TrainingProgress>(step =>
            {
                if (step is StepCompleted { Epoch: 2, Step: 2 })
                    source.Cancel();
            }),
        });
        Assert.IsTrue(cut.IsCancelled);

        var ended = TrainingRun.Execute(RunOptions.FromCheckpoint(cut.Folder.Path) with { PixelCache = options.PixelCache }).Folder;

        CollectionAssert.AreEqual(
            ModelZip.Read(whole.Model).Weights.Values.SelectMany(weight => weight.Values).ToArray(),
            ModelZip.Read(ended.Model).Weights.Values.SelectMany(weight => weight.Values).ToArray());
    }

    // No labels: the folders' names are of no use. What it learns of colours helps who starts from it.
    [TestMethod]
    public void Pretrain_PicturesWithoutLabels_GivesWeightsToStartFrom()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Training = Training(folder) with { Epochs = 12, BatchNormalization = true } };

        var pretrained = TrainingRun.Execute(options with { Pretrain = true });

        Assert.IsLessThan(0.8 * pretrained.History[0].TrainLoss, pretrained.History[^1].TrainLoss);
        Assert.IsNull(pretrained.Metrics);
        var model = ModelFile.Read(pretrained.Folder.UnfoldedModel).Model;
        Assert.HasCount(TinyTeacher.Width, model.Classes);
        Assert.AreEqual("feature 1", model.Classes[0]);

        var tuned = TrainingRun.Execute(options with
        {
            Output = Path.Combine(folder.Path, "tuned"),
            Start = new() { InitialWeights = pretrained.Folder.UnfoldedModel },
            Training = TinyPictures.Options with { Epochs = 6, BatchNormalization = true },
        });
        Assert.AreEqual(1.0, tuned.Metrics!.Top1);
        Assert.HasCount(3, ModelZip.Read(tuned.Folder.Model).Classes);
    }

    // What a training takes for a stack, pretraining does: two outputs of one sigmoid, logits, a softmax of its own.
    [TestMethod]
    [DataRow(Activation.Sigmoid)]
    [DataRow(Activation.Linear)]
    public void Pretrain_StackOfAnotherEnd_GivesTheFeatures(Activation end)
    {
        using var folder = new TemporaryFolder();
        var stack = new Sequential(TensorShape.Image(28, 28, 3))
        {
            new Conv2D(4, 5, strides: 4, activation: Activation.Relu), new Flatten(), new Dense(1, end),
        };
        var file = folder.Write("end.json", Encoding.UTF8.GetBytes(KerasConfig.ToJson(stack.Plan())));
        var options = Options(folder) with { Pretrain = true, Start = new() { Stack = file } };
        var run = TrainingRun.Execute(options with { Training = options.Training with { Epochs = 1 } });
        Assert.HasCount(TinyTeacher.Width, ModelZip.Read(run.Folder.Model).Classes);

        // And its options repeat it.
        var again = TrainingRun.Execute(OptionsFile.Read(run.Folder.Options) with { Output = Path.Combine(folder.Path, "again") });
        Assert.AreEqual(run.History[0].TrainLoss, again.History[0].TrainLoss);
    }

    [TestMethod]
    public void Execute_WhatHasNoMeaning_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder);
        var plain = options with { Training = TinyPictures.Options };

        StringAssert.Contains(Refuse(() => TrainingRun.Execute(plain with { Unlabelled = folder.Path })), "no teacher");
        StringAssert.Contains(Refuse(() => TrainingRun.Execute(plain with { Pretrain = true })), "no teacher");
        StringAssert.Contains(
            Refuse(() => TrainingRun.Execute(options with { Pretrain = true, Training = options.Training with { LabelSmoothing = 0.1 } })), "LabelSmoothing");
        StringAssert.Contains(
            Refuse(() => TrainingRun.Execute(options with
            {
                Training = options.Training with { InitialCropShare = 0.7, Augmentation = new() },
            })),
            "SmallestArea");
        StringAssert.Contains(
            Refuse(() => TrainingRun.Execute(options with
            {
                Training = options.Training with { Augmentation = new() { SmallestArea = 0.5, Lighting = 0.1 } },
            })),
            "not seen by a teacher");
        StringAssert.Contains(
            Refuse(() => TrainingRun.Execute(options with
            {
                Training = options.Training with
                {
                    InitialCropShare = 0.7,
                    Augmentation = new() { SmallestArea = 0.5, TrivialAugment = true },
                },
            })),
            "exclude each other");
        StringAssert.Contains(
            Refuse(() => TrainingRun.Execute(options with { Pretrain = true, Quantize = true, Output = "", Start = new() { Preset = "no" } })),
            "Output is empty");
        StringAssert.Contains(
            Refuse(() => TrainingRun.Execute(options with { Unlabelled = options.Data })), "are among those with labels");
        StringAssert.Contains(Refuse(() => TrainingRun.Execute(options with { Unlabelled = "nowhere" })), "does not exist");
        Assert.IsFalse(Directory.Exists(options.Output));
    }

    [TestMethod]
    public void ListFaults_NumbersOutOfRange_AreNamed()
    {
        var teacher = new TeacherOptions
        {
            Model = "", Views = 0, PredictionWeight = 1.5, Temperature = 0, FeatureWeight = -1, Mean = [1, 2],
        };
        Assert.HasCount(6, (TinyPictures.Options with { Teacher = teacher }).ListFaults(hasValidation: true).ToArray());
        StringAssert.Contains(
            (TinyPictures.Options with { Teacher = new() { Model = "resnet18", PredictionWeight = 0, FeatureWeight = 0 } })
                .ListFaults(hasValidation: true).Single(),
            "nothing is learnt of it");
    }

    private static IEnumerable<string> ReadAll(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Convert.ToHexString(File.ReadAllBytes(file)));

    private static string Refuse(Action action) => Assert.ThrowsExactly<AlexNetException>(action).Message;

    private static TrainingOptions Training(TemporaryFolder folder) => TinyPictures.Options with
    {
        Teacher = TinyTeacher.Write(folder) with { Views = 2 },
        Augmentation = new() { SmallestArea = 0.5 },
    };

    private static RunOptions Options(TemporaryFolder folder)
    {
        var data = Path.Combine(folder.Path, "data");
        ColoredPictures.Draw(data, perClass: 10);
        return new RunOptions
        {
            Data = data,
            Output = Path.Combine(folder.Path, "run"),
            PixelCache = null,
            Start = TinyPictures.StartIn(folder),
            Training = Training(folder),
        };
    }
}
