using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests.Runs;

[TestClass]
public sealed class RunFolderTests
{
    [TestMethod]
    public void RequireUsable_NewFolder_IsCreatedEmpty()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a", "b");

        new RunFolder(path).RequireUsable(overwrite: false);

        Assert.IsEmpty(Directory.GetFileSystemEntries(path));
    }

    [TestMethod]
    public void RequireUsable_FolderInUse_NamesTheOptionAndKeepsTheFile()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("model.zip");

        var fault = Assert.ThrowsExactly<AlexNetException>(
            () => new RunFolder(folder.Path).RequireUsable(overwrite: false));

        StringAssert.Contains(fault.Message, folder.Path);
        StringAssert.Contains(fault.Message, "set Overwrite");
        Assert.AreEqual("Overwrite", fault.Option);
        Assert.IsTrue(File.Exists(file));
    }

    [TestMethod]
    public void RequireUsable_File_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("taken");

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => new RunFolder(file).RequireUsable(overwrite: true)).Message,
            "is a file");
    }

    [TestMethod]
    public void RequireUsable_BelowAFile_SaysItCannotBeWritten()
    {
        using var folder = new TemporaryFolder();
        var below = Path.Combine(folder.Write("taken"), "run");

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => new RunFolder(below).RequireUsable(overwrite: false)).Message,
            "cannot be written");
    }

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
        string[] names = ["model.zip", "options.json", "history.csv", "metrics.json", "confusion.txt", "model-int8.zip", "notes.txt"];
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
