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
        ColoredPictures.Draw(Path.Combine(more, "in", "folders"), perClass: 5);
        File.CreateSymbolicLink(Path.Combine(more, "data"), options.Data);
        var progress = new List<TrainingProgress>();

        var result = TrainingRun.Execute(
            options with { Unlabelled = more }, new() { Progress = new ProgressHandler<TrainingProgress>(progress.Add) });

        var found = progress.OfType<PicturesFound>().Single();
        Assert.AreEqual((24, 15 + 30), (found.Train, found.Unlabelled)); // those by another path are others
        Assert.AreEqual(69, progress.OfType<TrainingStarted>().Single().TrainPictures);
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

    // No labels: the folders' names are of no use. What it learns of colours helps who starts from it.
    [TestMethod]
    public void Pretrain_PicturesWithoutLabels_GivesWeightsToStartFrom()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Training = Training(folder) with { Epochs = 12, BatchNormalization = true } };

        var pretrained = TrainingRun.Pretrain(options);

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

    [TestMethod]
    public void Execute_WhatHasNoMeaning_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder);
        var plain = options with { Training = TinyPictures.Options };

        StringAssert.Contains(Refuse(() => TrainingRun.Execute(plain with { Unlabelled = folder.Path })), "no teacher");
        StringAssert.Contains(Refuse(() => TrainingRun.Pretrain(plain)), "no teacher");
        StringAssert.Contains(
            Refuse(() => TrainingRun.Pretrain(options with { Training = options.Training with { LabelSmoothing = 0.1 } })), "LabelSmoothing");
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
