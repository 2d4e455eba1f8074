using System.Collections.Concurrent;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests.Runs;

[TestClass]
public sealed class RunClaimTests
{
    [TestMethod]
    public void Take_NewFolder_IsMadeAndRemovedWithWhatWasMadeForIt()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a", "b");

        using (RunClaim.Take(path, overwrite: false))
            Assert.IsTrue(Directory.Exists(path));

        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void Take_EmptyFolderOfTheUser_StaysWhenNothingIsWritten()
    {
        using var folder = new TemporaryFolder();
        RunClaim.Take(folder.Path, overwrite: false).Dispose();

        Assert.IsTrue(Directory.Exists(folder.Path));
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    // A folder of the user's, such as that of the pictures, is no place for a run's files among theirs.
    [TestMethod]
    public void Take_OverwriteWhereNoRunIs_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "thesis.txt"), "");

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => RunClaim.Take(folder.Path, overwrite: true)).Message, "no run to replace");
        Directory.CreateDirectory(Path.Combine(folder.Path, "checkpoints")); // all of a run that was killed early
        RunClaim.Take(folder.Path, overwrite: true).Dispose();
    }

    [TestMethod]
    public void Take_FolderWithAResult_KeepsIt()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "runs", "a");
        using (RunClaim.Take(path, overwrite: false))
            File.WriteAllText(Path.Combine(path, "model.zip"), "");

        Assert.HasCount(1, Directory.GetFileSystemEntries(path));
    }

    [TestMethod]
    public void Take_FolderInUse_NamesTheOptionAndKeepsTheFile()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("model.zip");

        var fault = Assert.ThrowsExactly<AlexNetException>(() => RunClaim.Take(folder.Path, overwrite: false));

        StringAssert.Contains(fault.Message, folder.Path);
        StringAssert.Contains(fault.Message, "set Overwrite");
        Assert.AreEqual("Overwrite", fault.Option);
        CollectionAssert.AreEqual((string[])[file], Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void Take_FolderOfARunUnderWay_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var first = RunClaim.Take(folder.Path, overwrite: false);

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => RunClaim.Take(folder.Path, overwrite: true)).Message, "another run may be under way");
    }

    [TestMethod]
    public void Take_FolderOfAKilledRun_IsFree()
    {
        using var folder = new TemporaryFolder();
        folder.Write(RunClaim.LockName);

        RunClaim.Take(folder.Path, overwrite: false).Dispose();
    }

    [TestMethod]
    public void Take_File_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("taken");

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => RunClaim.Take(file, overwrite: true)).Message, "is a file");
    }

    [TestMethod]
    public void Take_BelowAFile_SaysItCannotBeWritten()
    {
        using var folder = new TemporaryFolder();
        var below = Path.Combine(folder.Write("taken"), "run");

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => RunClaim.Take(below, overwrite: false)).Message, "cannot be written");
    }

    // The folders can be made, and no file in them: its path is too long.
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Take_FoldersThatTakeNoFile_AreRemovedAgain()
    {
        const int Most = 4095; // PATH_MAX without its zero
        using var folder = new TemporaryFolder();
        var path = folder.Path;
        while (path.Length < Most - 5)
            path = Path.Combine(path, new string('a', Math.Min(200, Most - 5 - path.Length)));

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => RunClaim.Take(path, overwrite: false)).Message, "cannot be written");
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void TakeNumbered_ManyAtOnce_GetAFolderEach()
    {
        const int Runs = 64;
        using var folder = new TemporaryFolder();
        var name = Path.Combine(folder.Path, "runs", "flowers");
        var claims = new ConcurrentBag<RunClaim>();
        AtOnce(Runs, () => claims.Add(RunClaim.TakeNumbered(name)));

        Assert.HasCount(Runs, claims.Select(claim => claim.Folder.Path).Distinct());
        CollectionAssert.AreEquivalent(
            Enumerable.Range(1, Runs).Select(number => $"{name}-{number}").ToArray(), claims.Select(claim => claim.Folder.Path).ToArray());
        foreach (var claim in claims)
            claim.Dispose();
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    // Some fail at once and remove what they made, while others begin.
    [TestMethod]
    public void TakeNumbered_SomeEndAtOnce_NoTwoEverHaveOne()
    {
        using var folder = new TemporaryFolder();
        var name = Path.Combine(folder.Path, "runs", "flowers");
        var (held, twice, kept) = (new ConcurrentDictionary<string, bool>(), 0, 0);
        AtOnce(16, () =>
        {
            for (var i = 0; i < 50; i++)
            {
                using var claim = RunClaim.TakeNumbered(name);
                if (!held.TryAdd(claim.Folder.Path, true))
                    Interlocked.Increment(ref twice);
                if (i % 10 == 0)
                {
                    var file = Path.Combine(claim.Folder.Path, "model.zip");
                    if (File.Exists(file))
                        Interlocked.Increment(ref twice);
                    File.WriteAllText(file, "");
                    Interlocked.Increment(ref kept);
                }

                held.TryRemove(claim.Folder.Path, out _);
            }
        });

        Assert.AreEqual(0, twice);
        Assert.HasCount(kept, Directory.GetDirectories(Path.Combine(folder.Path, "runs")));
    }

    [TestMethod]
    public void Take_ManyAtOnce_OneGetsTheFolder()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "run");
        var (claims, refused) = (new ConcurrentBag<RunClaim>(), 0);
        AtOnce(32, () =>
        {
            try
            {
                claims.Add(RunClaim.Take(path, overwrite: false));
            }
            catch (AlexNetException)
            {
                Interlocked.Increment(ref refused);
            }
        });

        Assert.HasCount(1, claims);
        Assert.AreEqual(31, refused);
        claims.Single().Dispose();
    }

    private static void AtOnce(int count, Action work)
    {
        using var start = new Barrier(count);
        var faults = new ConcurrentBag<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                work();
            }
            catch (Exception fault)
            {
                faults.Add(fault);
            }
        }))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.IsEmpty(faults, string.Join('\n', faults));
    }
}
