using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests.Runs;

[TestClass]
public sealed class RunFolderTests
{
    [TestMethod]
    public void RequireSpace_MoreThanAnyDriveHas_IsRefused()
    {
        using var folder = new TemporaryFolder();

        var run = new RunFolder(folder.Path);

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => run.RequireSpace(long.MaxValue, copies: 1)).Message,
            "choose another output folder");
        run.RequireSpace(1, copies: 2);
    }

    [TestMethod]
    public void ClearAllButModel_RunAndOtherFiles_LeavesTheOthers()
    {
        using var folder = new TemporaryFolder();
        var run = new RunFolder(folder.Path);
        string[] names = ["model.zip", "options.json", "history.csv", "metrics.json", "confusion.txt", "predictions.csv", "run.json", "report.html", "model-int8.zip", "notes.txt"];
        foreach (var name in names)
            folder.Write(name);

        Assert.IsTrue(run.HasRun);
        run.ClearAllButModel();

        CollectionAssert.AreEquivalent(
            new[] { "model.zip", "notes.txt" },
            Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).ToArray());
        File.Delete(run.Model);
        Assert.IsFalse(run.HasRun);
    }
}
