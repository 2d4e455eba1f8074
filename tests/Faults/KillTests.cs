using System.Diagnostics;
using System.Globalization;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Faults;

/// <summary>
/// Trainings that are killed with SIGKILL and gone on with end with the same weights and history as one that was not. A tenth of
/// the kills, unless the variable FAULTS is <c>all</c>.
/// </summary>
[TestClass]
public sealed class KillTests
{
    private const int RandomKills = 50;

    // Three checkpoints: the first alone, the second beside it, the third in place of the first.
    private const int Checkpoints = 3;

    private static readonly int s_share = Environment.GetEnvironmentVariable("FAULTS") == "all" ? 1 : 10;
    private static readonly TemporaryFolder s_folder = new();
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    // What a busy machine chooses for Auto differs from run to run.
    private static readonly Dictionary<Precision, RunFolder> s_whole = [];

    private static List<string> s_steps = [];
    private static TimeSpan s_duration;

    [ClassInitialize]
    public static void TrainUninterrupted(TestContext context)
    {
        KilledTraining.Prepare(s_folder.Path);
        RunToItsEnd("warm-up"); // fills the cache
        var watch = Stopwatch.StartNew();
        var lines = RunToItsEnd("whole");
        s_duration = watch.Elapsed;
        s_steps = [.. lines.Where(line => char.IsAsciiDigit(line[0])).Select(line => line[(line.IndexOf(' ') + 1)..])];
    }

    [ClassCleanup]
    public static void Clean() => s_folder.Dispose();

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Kill_AtEveryStepOfWritingACheckpoint_LosesNothing()
    {
        // A checkpoint is there once the folder of its manifest is flushed; then those before are deleted.
        var ends = s_steps.Index().Where(step => step.Item.StartsWith("flush the folder", StringComparison.Ordinal)
            && step.Item.EndsWith(".json", StringComparison.Ordinal)).Select(step => step.Index + 1).ToList();
        Assert.IsNotEmpty(ends, string.Join('\n', s_steps));
        var (kills, runs) = (0, 0);
        for (var step = 1; step <= ends[Math.Min(Checkpoints, ends.Count - 1)]; step += s_share) // a slow drive has fewer
        {
            runs++;
            var name = $"step-{step.ToString(CultureInfo.InvariantCulture)}";
            var killed = Run(name, step, limit: null);
            TestContext.WriteLine($"killed before step {killed.Lines[^1]}");
            kills += killed.ExitCode == 0 ? 0 : 1; // a run in which the writing took longer may have ended before
            AssertSame(name, killed.ExitCode == 0 ? killed.Lines : GoOn(name, killed.Lines));
        }

        Assert.IsGreaterThanOrEqualTo(0.5 * runs, kills);
    }

    [TestMethod]
    public void Kill_AtRandomMoments_LosesNothing()
    {
        const int Seed = 13;
        var random = new Random(Seed);
        for (var kill = 0; kill < RandomKills; kill += s_share)
        {
            var (name, after) = ($"random-{kill.ToString(CultureInfo.InvariantCulture)}", s_duration * random.NextDouble());
            var killed = Run(name, killedAt: 0, limit: after);
            TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {Seed}: killed after {after.TotalSeconds:0.00} s, at: {killed.Lines.LastOrDefault()}"));
            AssertSame(name, killed.ExitCode == 0 ? killed.Lines : GoOn(name, killed.Lines));
        }
    }

    // From the checkpoint where there is one: its manifest's folder was flushed, and it was not deleted since.
    private static List<string> GoOn(string run, List<string> killed)
    {
        var lines = RunToItsEnd(run);
        var there = new HashSet<string>();
        foreach (var words in killed.Where(line => line.EndsWith(".json", StringComparison.Ordinal)).Select(line => line.Split(' ')))
        {
            if (words[1] == "flush" && words[2] == "the")
                there.Add(words[^1]);
            else if (words[1] == "delete")
                there.Remove(words[^1]);
        }

        if (there.Count > 0)
            Assert.Contains("resumes", lines, run);
        return lines;
    }

    private static List<string> RunToItsEnd(string run, Precision precision = Precision.Auto)
    {
        var (code, lines, error) = Run(run, killedAt: 0, limit: null, precision);
        Assert.AreEqual(0, code, $"{run}\n{string.Join('\n', lines.TakeLast(5))}\n{error}");
        return lines;
    }

    private static (int ExitCode, List<string> Lines, string Error) Run(
        string run, int killedAt, TimeSpan? limit, Precision precision = Precision.Auto)
    {
        using var process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, [KilledTraining.Name, s_folder.Path, run, killedAt.ToString(CultureInfo.InvariantCulture), precision.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (lines, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(limit ?? s_limit))
            process.Kill();
        process.WaitForExit();
        return (process.ExitCode, [.. lines.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries)], error.Result);
    }

    private static void AssertSame(string run, IEnumerable<string> lines)
    {
        var precision = Enum.Parse<Precision>(
            lines.Single(line => line.StartsWith(KilledTraining.PrecisionLine, StringComparison.Ordinal))[KilledTraining.PrecisionLine.Length..]);
        var (expected, actual) = (Whole(precision), new RunFolder(Path.Combine(s_folder.Path, run)));
        CollectionAssert.AreEqual(Timeless(expected), Timeless(actual), run);
        var (first, second) = (ModelFile.Read(expected.Model).Model.Weights, ModelFile.Read(actual.Model).Model.Weights);
        foreach (var (key, weight) in first)
            Assert.IsTrue(weight.Values.AsSpan().SequenceEqual(second[key].Values), $"{run}: {key}");
        Assert.IsFalse(actual.HasCheckpoint, run);
        CollectionAssert.AreEquivalent(
            Directory.GetFileSystemEntries(expected.Path).Select(Path.GetFileName).ToList(),
            Directory.GetFileSystemEntries(actual.Path).Select(Path.GetFileName).ToList(), run);
    }

    private static RunFolder Whole(Precision precision)
    {
        if (!s_whole.TryGetValue(precision, out var run))
        {
            s_whole[precision] = run = new RunFolder(Path.Combine(s_folder.Path, $"whole-{precision}"));
            RunToItsEnd(Path.GetFileName(run.Path), precision);
        }

        return run;
    }

    // Without its two last columns, which are times.
    private static List<string> Timeless(RunFolder run) =>
        [.. File.ReadLines(run.History).Select(line => string.Join(',', line.Split(',')[..8]))];
}
