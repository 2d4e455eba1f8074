using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests.Checkpoints;

// A run of 24 training pictures: 3 steps an epoch.
[TestClass]
public sealed class ResumeTests
{
    private static readonly TrainingOptions s_adam = TinyPictures.Options with
    {
        Epochs = 3,
        Optimizer = OptimizerKind.AdamW,
        LearningRate = 0.002,
        WeightDecay = 0.05,
        WarmUpSteps = 2,
        BatchNormalization = true,
        AveragingDecay = 0.9,
        LabelSmoothing = 0.1,
        InitialCropShare = 0.6,
        GradientClipNorm = 1,
        Precision = Precision.Auto,
        Augmentation = new() { SmallestArea = 0.5, ColorJitter = 0.2, Mixup = 0.2, CutMix = 1, MixingProbability = 0.5 },
    };

    public static IEnumerable<(string Name, TrainingOptions Training)> Trainings =>
    [
        ("AdamW, everything", s_adam),
        ("SGD", TinyPictures.Options with { Epochs = 3, Nesterov = true }),
        ("plateau", TinyPictures.Options with
        {
            Epochs = 4, WarmUpSteps = 0, Schedule = LearningRateSchedule.ReduceOnPlateau, DecayEpochs = 1, EarlyStoppingEpochs = 3,
            MeanImage = true, Augmentation = new() { Lighting = 0.1 },
        }),
    ];

    [TestMethod]
    [DynamicData(nameof(Trainings))]
    public void Execute_InterruptedAtAnyStep_EndsWithTheSameWeightsAndHistory(string name, TrainingOptions training)
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, training);
        var whole = TrainingRun.Execute(options with { Output = Path.Combine(folder.Path, "whole") });
        foreach (var at in (int[])[2, 3, whole.History.Count * 3])
        {
            var output = Path.Combine(folder.Path, $"cut-{at}");
            var cut = Interrupt(options with { Output = output }, at);
            Assert.IsTrue(cut.IsCancelled, $"{name}, {at}");
            Assert.IsTrue(cut.Folder.HasCheckpoint);

            TrainingResumed? resumed = null;
            var ended = TrainingRun.Execute(
                RunOptions.FromCheckpoint(output) with { PixelCache = options.PixelCache },
                new() { Progress = new ProgressHandler<TrainingProgress>(step => resumed = step as TrainingResumed ?? resumed) });

            Assert.AreEqual(at, resumed!.Step);
            AssertSame(whole, ended, $"{name}, {at}");
            Assert.IsFalse(ended.Folder.HasCheckpoint);
            Assert.IsFalse(Directory.Exists(ended.Folder.Checkpoints));
        }
    }

    [TestMethod]
    public void Execute_WithFrozenLayersInterrupted_EndsWithTheSameWeights()
    {
        using var folder = new TemporaryFolder();
        var first = TrainingRun.Execute(Options(folder, TinyPictures.Options with { Epochs = 1 }));
        var options = Options(folder, s_adam with
        {
            FreezeUntil = "conv2d_1",
            InitialCropShare = null,
            Augmentation = new(),
            FrozenViews = 2,
        }) with
        { Start = new() { InitialWeights = first.Folder.Model }, Output = Path.Combine(folder.Path, "frozen") };
        var whole = TrainingRun.Execute(options with { Output = Path.Combine(folder.Path, "whole") });

        Interrupt(options, 5);
        var ended = TrainingRun.Execute(RunOptions.FromCheckpoint(options.Output) with { PixelCache = options.PixelCache });

        AssertSame(whole, ended, "frozen");
    }

    [TestMethod]
    public void Execute_InterruptedTwice_EndsWithTheSameWeights()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, s_adam);
        var whole = TrainingRun.Execute(options with { Output = Path.Combine(folder.Path, "whole") });

        Interrupt(options, 2);
        Interrupt(RunOptions.FromCheckpoint(options.Output) with { PixelCache = options.PixelCache }, 7);
        var ended = TrainingRun.Execute(RunOptions.FromCheckpoint(options.Output) with { PixelCache = options.PixelCache });

        AssertSame(whole, ended, "twice");
    }

    [TestMethod]
    public void Execute_NewestCheckpointDamaged_NamesItAndGoesOnFromTheOneBefore()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, s_adam);
        var whole = TrainingRun.Execute(options with { Output = Path.Combine(folder.Path, "whole") });
        Interrupt(options, 7); // and at the end of an epoch before
        var before = Directory.GetFiles(Path.Combine(options.Output, "checkpoints"), "*.json").Order(StringComparer.Ordinal).First();
        var newest = Directory.GetFiles(Path.Combine(options.Output, "checkpoints"), "*7.safetensors").Single();
        using (var file = File.OpenWrite(newest))
        {
            file.Position = file.Length / 2;
            file.WriteByte(0xA5);
        }

        var progress = new List<TrainingProgress>();
        var ended = TrainingRun.Execute(
            RunOptions.FromCheckpoint(options.Output) with { PixelCache = options.PixelCache },
            new() { Progress = new ProgressHandler<TrainingProgress>(progress.Add) });

        var damaged = progress.OfType<CheckpointDamaged>().Single();
        StringAssert.EndsWith(damaged.Path, "00000007.json");
        StringAssert.Contains(damaged.Reason, "'00000007.safetensors' has other bytes");
        Assert.AreEqual(before, progress.OfType<TrainingResumed>().Single().Path);
        AssertSame(whole, ended, "damaged");
    }

    [TestMethod]
    public void Execute_OtherOptionsOrPictures_AreRefusedWithTheDifference()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, s_adam);
        Interrupt(options, 4);
        var resumed = RunOptions.FromCheckpoint(options.Output) with { PixelCache = options.PixelCache };

        var fault = Assert.ThrowsExactly<AlexNetException>(() => TrainingRun.Execute(
            resumed with { Training = resumed.Training with { Epochs = 5, Augmentation = resumed.Training.Augmentation with { Flip = false } } }));
        StringAssert.Contains(fault.Message, "training.epochs was 3, is 5");
        StringAssert.Contains(fault.Message, "training.augmentation.flip was true, is false");
        Assert.AreEqual("AcceptChanges", fault.Option);

        var picture = Directory.GetFiles(options.Data, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        File.Copy(picture, Path.Combine(Path.GetDirectoryName(picture)!, "more.png"));
        fault = Assert.ThrowsExactly<AlexNetException>(() => TrainingRun.Execute(resumed));
        StringAssert.Contains(fault.Message, "pictures of train/");
        Assert.IsTrue(new RunFolder(options.Output).HasCheckpoint); // nothing is lost

        ChangesAccepted? changed = null;
        var ended = TrainingRun.Execute(
            resumed with { AcceptChanges = true, Training = resumed.Training with { Epochs = 5 } },
            new() { Progress = new ProgressHandler<TrainingProgress>(step => changed ??= step as ChangesAccepted) });
        Assert.HasCount(5, ended.History);
        StringAssert.Contains(changed!.Differences[0], "training.epochs was 3, is 5");
    }

    [TestMethod]
    public void Execute_OtherOptimizerAccepted_NamesWhatTheCheckpointLacks()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, TinyPictures.Options);
        Interrupt(options, 2);
        var resumed = RunOptions.FromCheckpoint(options.Output) with { PixelCache = options.PixelCache, AcceptChanges = true };

        var fault = Assert.ThrowsExactly<AlexNetException>(() => TrainingRun.Execute(
            resumed with { Training = resumed.Training.WithOptimizer(OptimizerKind.AdamW) }));

        StringAssert.Contains(fault.Message, "has no 'optimizer/1/");
    }

    [TestMethod]
    public void FromCheckpoint_OfARunThatHasEnded_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, TinyPictures.Options);
        TrainingRun.Execute(options);

        var fault = Assert.ThrowsExactly<AlexNetException>(() => RunOptions.FromCheckpoint(options.Output));

        StringAssert.Contains(fault.Message, "a run that has ended keeps none");
    }

    [TestMethod]
    public void Execute_CheckpointsCannotBeWritten_SaysSoAndTrainsOn()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, TinyPictures.Options);
        var progress = new List<TrainingProgress>();

        var result = TrainingRun.Execute(options, new()
        {
            Progress = new ProgressHandler<TrainingProgress>(progress.Add),
            CheckpointShare = 0,
            BeforeFileStep = step => throw new IOException($"No space left on device: {step}"),
        });

        Assert.IsTrue(result.HasModel);
        StringAssert.Contains(progress.OfType<WritingFailed>().First().Reason, "No space left on device");
        Assert.IsFalse(result.Folder.HasCheckpoint);
    }

    // The folder becomes a file, so that nothing can be written there any more: whoever runs the test, root too.
    [TestMethod]
    public void Execute_RunFolderGoneInTheEnd_SavesTheModelElsewhereAndNamesIt()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, TinyPictures.Options) with { CheckpointMinutes = null }; // whose writing would be in the way

        var result = TrainingRun.Execute(options, new()
        {
            Progress = new ProgressHandler<TrainingProgress>(step =>
            {
                if (step is not EpochCompleted { Epoch: 2 })
                    return;

                Directory.Delete(options.Output, recursive: true);
                File.WriteAllText(options.Output, "");
            }),
        });

        StringAssert.EndsWith(result.Fault!.Message, $"The trained model is in '{result.Model}' instead.");
        Assert.IsNotNull(result.Metrics);
        Assert.AreEqual(3, ModelFile.Read(result.Model).Model.Classes.Count);
        File.Delete(result.Model);
    }

    [TestMethod]
    public void Execute_WithoutCheckpoints_LeavesNone()
    {
        using var folder = new TemporaryFolder();
        var cut = Interrupt(Options(folder, TinyPictures.Options) with { CheckpointMinutes = null }, 4);

        Assert.IsTrue(cut.IsCancelled);
        Assert.IsFalse(Directory.Exists(cut.Folder.Checkpoints));
    }

    // Begun anew, a run is not gone on with from what an earlier one has left, with or without checkpoints of its own.
    [TestMethod]
    public void Execute_OverAnInterruptedRun_LeavesNoneOfItsCheckpoints()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, TinyPictures.Options);
        Interrupt(options, 7);

        var ended = TrainingRun.Execute(options with { Overwrite = true, CheckpointMinutes = null });

        Assert.IsFalse(ended.IsCancelled);
        Assert.IsFalse(ended.Folder.HasCheckpoint);
    }

    [TestMethod]
    public void Execute_WhileARunIsUnderWayInTheFolder_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, TinyPictures.Options);
        AlexNetException? fault = null;
        TrainingRun.Execute(options, new()
        {
            Progress = new ProgressHandler<TrainingProgress>(step =>
            {
                if (step is EpochCompleted { Epoch: 1 })
                    fault = Assert.ThrowsExactly<AlexNetException>(() => TrainingRun.Execute(options with { Overwrite = true }));
            }),
        });

        StringAssert.Contains(fault!.Message, "another run may be under way");
    }

    // A picture that is only tested moves the rows of the others, by which they are shuffled.
    [TestMethod]
    public void Execute_AnotherTestPicture_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, TinyPictures.Options);
        foreach (var part in (string[])["train", "validation", "test"])
            ColoredPictures.Draw(Path.Combine(folder.Path, "parts", part), perClass: 4);
        options = options with { Data = Path.Combine(folder.Path, "parts") };
        Interrupt(options, 2);
        var picture = Directory.GetFiles(Path.Combine(options.Data, "test"), "*", SearchOption.AllDirectories)[0];
        File.Copy(picture, Path.Combine(Path.GetDirectoryName(picture)!, "more.png"));

        var fault = Assert.ThrowsExactly<AlexNetException>(() => TrainingRun.Execute(
            RunOptions.FromCheckpoint(options.Output) with { PixelCache = options.PixelCache }));

        StringAssert.Contains(fault.Message, "pictures of test/");
    }

    private static RunOptions Options(TemporaryFolder folder, TrainingOptions training)
    {
        var data = Path.Combine(folder.Path, "data");
        ColoredPictures.Draw(data, perClass: 10);
        return new RunOptions
        {
            Data = data,
            Output = Path.Combine(folder.Path, "run"),
            PixelCache = Path.Combine(folder.Path, "cache"),
            Start = TinyPictures.StartIn(folder),
            Training = training,
        };
    }

    private static RunResult Interrupt(RunOptions options, int atStep)
    {
        using var source = new CancellationTokenSource();
        var steps = 0;
        return TrainingRun.Execute(options, new()
        {
            CancellationToken = source.Token,
            CheckpointShare = 0, // at every epoch's end, however short it is
            Progress = new ProgressHandler<TrainingProgress>(step =>
            {
                steps = step is TrainingResumed resumed ? resumed.Step : steps + (step is StepCompleted ? 1 : 0);
                if (step is StepCompleted && steps == atStep)
                    source.Cancel();
            }),
        });
    }

    private static void AssertSame(RunResult expected, RunResult actual, string name)
    {
        CollectionAssert.AreEqual(
            expected.History.Select(Timeless).ToList(), actual.History.Select(Timeless).ToList(), name);
        CollectionAssert.AreEqual(
            File.ReadLines(expected.Folder.History).Select(CutTimes).ToList(), File.ReadLines(actual.Folder.History).Select(CutTimes).ToList(), name);
        var (first, second) = (ModelFile.Read(expected.Folder.Model).Model.Weights, ModelFile.Read(actual.Folder.Model).Model.Weights);
        foreach (var (key, weight) in first)
            Assert.IsTrue(weight.Values.AsSpan().SequenceEqual(second[key].Values), $"{name}: {key}");
    }

    private static EpochCompleted Timeless(EpochCompleted epoch) => epoch with { Seconds = 0, ImagesPerSecond = 0 };

    private static string CutTimes(string line) => string.Join(',', line.Split(',')[..8]);
}
