using System.Diagnostics;
using MlNetAlexNet.Formats;

namespace MlNetAlexNet.Faults;

/// <summary>What a process that is killed leaves goes with the next one, and nothing of one that runs.</summary>
[TestClass]
public sealed class TemporaryFilesTests : IDisposable
{
    public const string Command = "hold-files";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>What the child does: makes a temporary file, begins another beside the place it is for, and waits or ends.</summary>
    public static void Hold(string output, bool waits)
    {
        File.WriteAllText(TemporaryFiles.NewPath(), "temporary");
        WholeFile.Write(output, file =>
        {
            file.Write("half"u8);
            file.Flush();
            Console.WriteLine("ready");
            if (waits)
                Console.ReadLine();
        });
    }

    [TestMethod]
    public void KilledProcess_LeavesFiles_TheNextOneDeletesThemAndNotThoseOfOneThatRuns()
    {
        var output = Path.Combine(_folder.Path, "out", "a.txt");
        var temporary = Directory.CreateDirectory(Path.Combine(_folder.Path, "tmp")).FullName;
        using var killed = Start(waits: true);
        using var running = Start(waits: true);
        killed.Kill();
        killed.WaitForExit();
        Assert.HasCount(2, Directory.GetDirectories(temporary));
        Assert.HasCount(2, Directory.GetFiles(Path.GetDirectoryName(output)!));

        using (var next = Start(waits: false))
            next.WaitForExit();

        Assert.HasCount(1, Directory.GetDirectories(temporary));
        Assert.HasCount(2, Directory.GetFiles(Directory.GetDirectories(temporary).Single()), "the file, and the lock");
        Assert.HasCount(2, Directory.GetFiles(Path.GetDirectoryName(output)!), "the file, and what is on its way there");

        running.StandardInput.WriteLine();
        running.WaitForExit();
        Assert.IsEmpty(Directory.GetFileSystemEntries(temporary, "alexnet-*")); // .NET has files of its own there
        CollectionAssert.AreEqual(new[] { output }, Directory.GetFiles(Path.GetDirectoryName(output)!));
        Assert.AreEqual("half", File.ReadAllText(output));

        Process Start(bool waits)
        {
            var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Command, output, waits.ToString()])
            {
                Environment = { ["TMPDIR"] = temporary, ["TEMP"] = temporary, ["TMP"] = temporary },
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            Assert.AreEqual("ready", child.StandardOutput.ReadLine());
            return child;
        }
    }

    // Of another computer whose folder it is, too; of a person; of a process that is there.
    [TestMethod]
    [DataRow("alexnet-elsewhere-99999999-abc")]
    [DataRow("alexnet-report-2026")]
    [DataRow("model")]
    public void IsOfADeadProcess_NameOfSomeoneElse_IsNot(string name) => Assert.IsFalse(ProcessMark.IsOfADeadProcess(name));

    [TestMethod]
    public void IsOfADeadProcess_OwnNames_AreNotUntilTheProcessEnds()
    {
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--help"]) { RedirectStandardOutput = true })!;
        child.StandardOutput.ReadToEnd();
        child.WaitForExit();

        Assert.IsFalse(ProcessMark.IsOfADeadProcess(ProcessMark.Create()));
        Assert.IsTrue(ProcessMark.IsOfADeadProcess(
            ProcessMark.Create().Replace($"-{Environment.ProcessId}-", $"-{child.Id}-", StringComparison.Ordinal)));
    }
}
