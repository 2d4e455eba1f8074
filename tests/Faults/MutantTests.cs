namespace MlNetAlexNet.Faults;

/// <summary>
/// Changed files, by a seed that is written: each is read or refused with an error that is the user's and names it; nothing
/// crashes or hangs, and memory does not grow. A fifth of those that take long, unless the variable FAULTS is <c>all</c>; FAULTS_SEED is another seed.
/// </summary>
[TestClass]
public sealed class MutantTests
{
    private const int MostGrowth = 300; // MiB

    private static readonly bool s_isFull = Environment.GetEnvironmentVariable("FAULTS") == "all";

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("FAULTS_SEED"), out var seed) ? seed : 1;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("jpeg", 400, 400)]
    [DataRow("png", 400, 400)]
    [DataRow("bmp", 400, 400)]
    [DataRow("webp", 400, 400)]
    [DataRow("gif", 400, 400)]
    [DataRow("zip", 500, 100)]
    [DataRow("onnx", 500, 100)]
    [DataRow("options", 500, 500)]
    [DataRow("checkpoint", 500, 100)]
    public void Read_ChangedFile_IsReadOrRefusedByName(string name, int full, int few)
    {
        var (kind, count) = (MutantKind.Get(name), s_isFull ? full : few);
        using var folder = new TemporaryFolder();
        var kept = Path.Combine(AppContext.BaseDirectory, "TestResults", "mutants");

        var outcomes = ChildProcess.Read(kind, Seed, count, folder.Path, kept);

        var (accepted, refused) = (Count(Outcome.Accepted), Count(Outcome.Refused));
        var growth = outcomes.Max(outcome => outcome.Growth);
        TestContext.WriteLine(
            $"{name}, seed {Seed}: {accepted} of {count} accepted, {refused} refused; longest {outcomes.Max(outcome => outcome.Milliseconds)} ms, {growth} MiB more");
        var faults = outcomes.Where(outcome => outcome.IsFault).ToList();
        Assert.IsEmpty(faults, $"Kept in {kept}:\n{string.Join('\n', faults.Take(20))}\n");
        Assert.IsLessThan(MostGrowth, growth);
        Assert.IsGreaterThan(0, accepted, "all are refused: the changes reach nothing");
        Assert.IsGreaterThan(0, refused);

        int Count(string text) => outcomes.Count(outcome => outcome.Text == text);
    }
}
