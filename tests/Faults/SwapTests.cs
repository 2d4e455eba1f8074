using System.Diagnostics;
using System.Globalization;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Faults;

/// <summary>
/// A gate that is killed with SIGKILL while it puts a challenger in the champion's place leaves the one or the other, whole, and who
/// loads it all the while never sees anything else.
/// </summary>
[TestClass]
public sealed class SwapTests : IDisposable
{
    public const string Command = "swap-champion";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    public TestContext TestContext { get; set; } = null!;

    private string Live => Directory.CreateDirectory(Path.Combine(_folder.Path, "live")).FullName;

    private string Champion => Path.Combine(Live, "model.zip");

    public void Dispose() => _folder.Dispose();

    /// <summary>What the child does: tells each step of the swap, and kills itself before one.</summary>
    public static void Swap(string path, string challenger, int killedAt)
    {
        var step = 0;
        using var champion = Promotion.Champion.Claim(path, what =>
        {
            Console.WriteLine(what);
            if (++step == killedAt)
                Process.GetCurrentProcess().Kill(); // SIGKILL
        });
        champion.Replace(challenger, Promotion.Champion.ComputeSha256(challenger));
    }

    [TestMethod]
    public async Task Kill_AtEveryStepOfASwap_LeavesAWholeChampionWhoeverLoadsIt()
    {
        var (old, challenger) = (Write("old", ["a", "b"]), Write("challenger", ["c", "d", "e"]));
        var (oldBytes, newBytes) = (File.ReadAllBytes(old), File.ReadAllBytes(challenger));
        Restore(old);
        var steps = Run(challenger, killedAt: 0);
        CollectionAssert.AreEqual(newBytes, File.ReadAllBytes(Champion));
        Assert.IsGreaterThanOrEqualTo(10, steps.Length, string.Join('\n', steps));

        using var end = new CancellationTokenSource();
        var scorer = Task.Run(() => LoadOverAndOver(end.Token), CancellationToken.None);
        var seenOld = 0;
        for (var step = 1; step <= steps.Length; step++)
        {
            Restore(old);
            var told = Run(challenger, step);
            TestContext.WriteLine($"killed before: {told[^1]}");
            Assert.HasCount(step, told);
            var now = File.ReadAllBytes(Champion);
            var isOld = now.SequenceEqual(oldBytes);
            seenOld += isOld ? 1 : 0;
            Assert.IsTrue(isOld || now.SequenceEqual(newBytes), told[^1]);
            if (File.Exists(Path.Combine(Live, "model.previous.zip")))
                CollectionAssert.AreEqual(oldBytes, File.ReadAllBytes(Path.Combine(Live, "model.previous.zip")), told[^1]);

            // The next gate is not kept out, and clears what this one has left.
            Restore(old);
            Run(challenger, killedAt: 0);
            CollectionAssert.AreEqual(newBytes, File.ReadAllBytes(Champion), told[^1]);
            CollectionAssert.AreEqual(
                new[] { "model.previous.zip", "model.zip" },
                Directory.GetFileSystemEntries(Live).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray(), told[^1]);
            File.Delete(Path.Combine(Live, "model.previous.zip"));
        }

        await end.CancelAsync();
        var (loads, classes) = await scorer;
        TestContext.WriteLine($"{loads} loads, {string.Join(" and ", classes)}; the old one stayed after {seenOld} of {steps.Length} kills");
        Assert.AreEqual(steps.Length - 1, seenOld, "only after the renaming it is the new one");
        CollectionAssert.AreEqual(new[] { "a b", "c d e" }, classes.ToArray());
    }

    private (int Loads, SortedSet<string> Classes) LoadOverAndOver(CancellationToken end)
    {
        var (loads, classes) = (0, new SortedSet<string>(StringComparer.Ordinal));
        while (!end.IsCancellationRequested)
        {
            using var classifier = ImageClassifier.Load(Champion);
            classes.Add(string.Join(' ', classifier.Classes));
            loads++;
        }

        return (loads, classes);
    }

    private string[] Run(string challenger, int killedAt)
    {
        using var process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, [Command, Champion, challenger, killedAt.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(s_limit))
            process.Kill();
        process.WaitForExit();
        Assert.AreEqual(killedAt == 0, process.ExitCode == 0, error.Result);
        return output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // As a whole, too, for the one that loads it.
    private void Restore(string zip)
    {
        var beside = Path.Combine(_folder.Path, "copy.zip");
        File.Copy(zip, beside, overwrite: true);
        File.Move(beside, Champion, overwrite: true);
    }

    // Of 1.6 MB, so that its copy is written in more than one piece.
    private string Write(string name, string[] classes)
    {
        var plan = new Sequential(TensorShape.Image(64, 64, 3)) { new Flatten(), new Dense(32), new Dense(classes.Length, Activation.Softmax) }.Plan();
        var model = new TrainedModel(
            plan, WeightInitializer.HeNormal(plan, new Random(classes.Length)), new ImagePreprocessing(64, [0, 0, 0], [1, 1, 1]), classes);
        var path = Path.Combine(_folder.Path, $"{name}.zip");
        ModelFile.Write(model, path);
        return path;
    }
}
