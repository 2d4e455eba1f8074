using MlNetAlexNet.Images;
using MlNetAlexNet.Reports;
using MlNetAlexNet.Reports.Records;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests.Runs;

/// <summary>What a training leaves for its report.</summary>
[TestClass]
public sealed class RunRecordsTests
{
    [TestMethod]
    public void Execute_WithBadPicture_RecordsWhatItWas()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { SkipBadImages = true };
        var bad = folder.Write("data/red/bad.jpg", "no picture"u8.ToArray());

        var result = TrainingRun.Execute(options);

        Assert.IsTrue(result.HasReport);
        var records = RunRecords.Read(options.Output);
        Assert.AreEqual(result.Metrics!.LogLoss, records.Metrics!.LogLoss, 1e-6);
        Assert.AreEqual((result.Metrics.Pictures, result.Metrics.Correct), (records.Metrics.Pictures, records.Metrics.Correct));
        Assert.AreEqual(result.Metrics.Calibration.ExpectedError, records.Metrics.Calibration.ExpectedError, 1e-6);
        Assert.AreEqual(options.Data, records.Data);
        StringAssert.StartsWith(records.NameOf(records.Pictures[0]), "blue/");
        Assert.HasCount(2, records.History);
        Assert.IsTrue(records.History.All(epoch => epoch.ValidationTop5 == 1)); // of three classes
        var run = records.Description!;
        Assert.AreEqual(bad, run.Pictures.LeftOut.Single().Path);
        StringAssert.Contains(run.Pictures.LeftOut.Single().Reason, "bad.jpg");
        var drawn = ImageFolder.Open(options.Data, options.Split);
        Assert.AreEqual(drawn.Train.Count + drawn.Validation.Count + drawn.Test.Count - 1, run.Pictures.Classes.Sum(each => each.Train + each.Validation + each.Test));
        Assert.IsTrue(run.Layers.Where(layer => layer.Parameters > 0).All(layer => layer.Milliseconds >= 0));
        Assert.IsTrue(records.Environment.Any(pair => pair.Name == "device"));
        Assert.IsFalse(records.Environment.Any(pair => pair.Name.StartsWith("options", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Execute_CancelledAfterAnEpoch_ReportsThatItEndedEarly()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var options = Options(folder);

        var result = TrainingRun.Execute(options, new TrainingObservation
        {
            Progress = new ProgressHandler<TrainingProgress>(step =>
            {
                if (step is EpochCompleted)
                    cancellation.Cancel();
            }),
            CancellationToken = cancellation.Token,
        });

        Assert.IsTrue(result.IsCancelled && result.HasReport);
        Assert.IsTrue(RunRecords.Read(options.Output).Description!.IsCancelled);
        StringAssert.Contains(File.ReadAllText(result.Folder.Report), "<b>Ended early</b> by its user.");
    }

    // A run that cannot be reported on is a run all the same.
    [TestMethod]
    public void Execute_ReportInTheWay_WarnsAndKeepsTheModel()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder);
        var recorder = new List<TrainingProgress>();

        var result = TrainingRun.Execute(options, new TrainingObservation
        {
            Progress = new ProgressHandler<TrainingProgress>(step =>
            {
                recorder.Add(step);
                Directory.CreateDirectory(Path.Combine(options.Output, "report.html", "in the way"));
            }),
        });

        Assert.IsNull(result.Fault);
        Assert.IsFalse(result.HasReport);
        Assert.IsTrue(File.Exists(result.Model));
        Assert.IsTrue(recorder.OfType<WritingFailed>().Any(failed => failed.What == "The report"));
    }

    [TestMethod]
    public void Compare_TwoSeeds_TakesTheSameTestPictures()
    {
        using var folder = new TemporaryFolder();
        var first = Options(folder);
        var second = first with { Output = Path.Combine(folder.Path, "second"), Training = first.Training with { Seed = 2 } };
        TrainingRun.Execute(first);
        TrainingRun.Execute(second);

        var comparison = RunComparison.Write(first.Output, second.Output, Path.Combine(folder.Path, "page.html"));

        Assert.AreEqual(comparison.First!.Pictures, comparison.Paired!.Pictures);
    }

    private static RunOptions Options(TemporaryFolder folder)
    {
        var data = Path.Combine(folder.Path, "data");
        ColoredPictures.Draw(data, 20);
        return new RunOptions
        {
            Data = data,
            Output = Path.Combine(folder.Path, "run"),
            PixelCache = Path.Combine(folder.Path, "cache"),
            Start = TinyPictures.StartIn(folder),
            Training = TinyPictures.Options with { Epochs = 2 },
        };
    }
}
