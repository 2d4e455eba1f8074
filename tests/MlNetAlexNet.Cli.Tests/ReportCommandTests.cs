namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class ReportCommandTests
{
    [TestMethod]
    public async Task ReportAndCompare_TwoRuns_WritePagesAndGoOnBehindAFault()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        ColoredPictures.Draw(data, 20);
        var stack = SmallStack.WriteTo(folder);
        string[] runs = [Path.Combine(folder.Path, "one"), Path.Combine(folder.Path, "two")];
        foreach (var (seed, run) in runs.Index())
        {
            var trained = await Invocation.Of(
                "train", data, "--stack", stack, "--epochs", "2", "--batch-size", "8", "--seed", $"{seed}", "--output", run);
            Assert.AreEqual(0, trained.ExitCode, trained.Error);
            StringAssert.Contains(trained.Out, $"Report     {Path.Combine(run, "report.html")}");
            File.Delete(Path.Combine(run, "report.html"));
        }

        var report = await Invocation.Of("report", runs[0], Path.Combine(folder.Path, "nowhere"), runs[1]);

        Assert.AreEqual(2, report.ExitCode);
        Assert.AreEqual(string.Concat(runs.Select(run => Path.Combine(run, "report.html") + "\n")), report.Out);
        StringAssert.Contains(report.Error, "nowhere' is missing");
        Assert.IsTrue(runs.All(run => File.Exists(Path.Combine(run, "report.html"))));

        var comparison = await Invocation.Of("compare", runs[0], runs[1]);

        Assert.AreEqual(0, comparison.ExitCode, comparison.Error);
        StringAssert.Contains(comparison.Out, "Paired     ");
        Assert.IsTrue(File.Exists(Path.Combine(runs[1], "compared-with-one.html")));

        var model = File.ReadAllBytes(Path.Combine(runs[1], "model.zip"));
        var over = await Invocation.Of("compare", runs[0], runs[1], "-o", Path.Combine(runs[1], "model.zip"));

        Assert.AreEqual(2, over.ExitCode);
        StringAssert.Contains(over.Error, "ends in .html");
        CollectionAssert.AreEqual(model, File.ReadAllBytes(Path.Combine(runs[1], "model.zip")));
    }
}
