using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests.Runs;

/// <summary>What happens to the files of a training after it has begun costs no weights.</summary>
[TestClass]
public sealed class LostWorkTests : IDisposable
{
    private const int Epochs = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Execute_PixelCacheCutShort_DecodesAgainAndComesToTheSame()
    {
        var (undisturbed, _) = Train("undisturbed", _ => { });

        var (cut, progress) = Train("cut", CutCache);

        var failed = progress.OfType<ReadingFailed>().ToList();
        Assert.HasCount(1, failed);
        StringAssert.Contains(failed[0].Reason, "decoded again");
        Assert.IsNull(cut.Fault);
        AssertSameWeights(undisturbed, cut);
    }

    [TestMethod]
    public void Execute_PixelCacheAndPicturesGone_KeepsTheBestWeightsAndSaysSo()
    {
        var (result, progress) = Train("gone", options =>
        {
            CutCache(options);
            Directory.Delete(options.Data, recursive: true);
        });

        Assert.HasCount(1, result.History);
        StringAssert.Contains(result.Fault!.Message, "does not exist. The best weights so far, of epoch 1, are kept.");
        Assert.IsTrue(progress.OfType<ModelSaved>().Any());
        Assert.HasCount(3, ModelZip.Read(result.Folder.Model).Classes);
    }

    [TestMethod]
    public void Execute_TestPicturesGone_KeepsTheModel()
    {
        var (result, _) = Train("tests", options => Directory.Delete(options.Data, recursive: true));

        Assert.HasCount(Epochs, result.History);
        StringAssert.Contains(result.Fault!.Message, "does not exist");
        Assert.HasCount(3, ModelZip.Read(result.Folder.Model).Classes);
    }

    [TestMethod]
    public void Execute_RunFolderGone_WritesItAnew()
    {
        var (result, _) = Train("folder", options => Directory.Delete(options.Output, recursive: true));

        Assert.IsNull(result.Fault);
        Assert.HasCount(Epochs + 1, File.ReadAllLines(result.Folder.History));
        Assert.HasCount(3, ModelZip.Read(result.Folder.Model).Classes);
    }

    // As a table that is open in a program on Windows, which lets nobody delete it.
    [TestMethod]
    public void Execute_FilesThatCannotBeReplaced_AreSaidAndTheRestIsDone()
    {
        var (result, progress) = Train("kept", options =>
        {
            foreach (var name in (string[])["metrics.json", "confusion.txt"])
                Directory.CreateDirectory(Path.Combine(options.Output, name, "full"));
        });

        Assert.IsNull(result.Fault);
        Assert.IsNotNull(result.Metrics);
        Assert.HasCount(3, ModelZip.Read(result.Model).Classes);
        Assert.HasCount(Epochs + 1, File.ReadAllLines(result.Folder.History));
        CollectionAssert.AreEqual(
            (string[])["What an earlier run left", "The metrics"],
            progress.OfType<WritingFailed>().Select(failed => failed.What).ToArray());
    }

    // A defect, here the observer's, keeps its trace and costs no weights either.
    [TestMethod]
    public void Execute_DefectAfterAnEpoch_IsThrownOnceTheModelIsWritten()
    {
        var options = Options("defect");

        var defect = Assert.ThrowsExactly<InvalidOperationException>(() => TrainingRun.Execute(options, Observe(step =>
        {
            if (step is EpochCompleted { Epoch: 2 })
                throw new InvalidOperationException("the observer's own");
        })));

        Assert.AreEqual("the observer's own", defect.Message);
        Assert.HasCount(3, ModelZip.Read(new RunFolder(options.Output).Model).Classes);
    }

    private (RunResult Result, List<TrainingProgress> Progress) Train(string name, Action<RunOptions> afterAnEpoch)
    {
        var (options, progress) = (Options(name), new List<TrainingProgress>());
        var result = TrainingRun.Execute(options, Observe(step =>
        {
            lock (progress)
                progress.Add(step);
            if (step is EpochCompleted { Epoch: 1 })
                afterAnEpoch(options);
        }));
        return (result, progress);
    }

    private RunOptions Options(string name)
    {
        var data = Path.Combine(_folder.Path, name, "data");
        ColoredPictures.Draw(data, perClass: 10);
        return new RunOptions
        {
            Data = data,
            Output = Path.Combine(_folder.Path, name, "run"),
            PixelCache = Path.Combine(_folder.Path, name, "cache"),
            Start = TinyPictures.StartIn(_folder),
            Training = TinyPictures.Options with { Epochs = Epochs },
        };
    }

    // As another program does, which is not kept out by the lock of a reader here.
    private static void CutCache(RunOptions options)
    {
        foreach (var path in Directory.GetFiles(options.PixelCache!, "*", SearchOption.AllDirectories))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(100);
        }
    }

    private static void AssertSameWeights(RunResult expected, RunResult actual)
    {
        var (one, other) = (ModelZip.Read(expected.Folder.Model).Weights, ModelZip.Read(actual.Folder.Model).Weights);
        foreach (var (key, weight) in one)
            CollectionAssert.AreEqual(weight.Values, other[key].Values, key);
    }

    private static TrainingObservation Observe(Action<TrainingProgress> handle) =>
        new() { Progress = new ProgressHandler<TrainingProgress>(handle) };
}
