using System.Diagnostics;
using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>The command as a process of its own, with the whole AlexNet.</summary>
[TestClass]
public sealed class ProcessTests
{
    [TestMethod]
    [DataRow]
    [DataRow("--recipe", "small-data")]
    [DataRow("--recipe", "paper")]
    public async Task Train_AlexNetOnFifteenPictures_WritesANumberedRunFolderThatEvaluates(params string[] recipe)
    {
        using var folder = new TemporaryFolder();
        ColoredPictures.Draw(Path.Combine(folder.Path, "data"), 5);

        using var training = Start(folder.Path, ["train", "data", "--epochs", "1", "--no-pixel-cache", .. recipe]);
        await training.WaitForExitAsync();

        Assert.AreEqual(0, training.ExitCode, await training.StandardError.ReadToEndAsync());
        var model = Path.Combine(folder.Path, "runs", "data-1", "model.zip");
        using var classifier = ImageClassifier.Load(model);
        var score = classifier.Classify(ImageFolder.ListLabeled(Path.Combine(folder.Path, "data"))[0].ImagePath).Score;
        Assert.AreEqual(1, score.Sum(), 1e-4);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task Train_Interrupted_KeepsTheBestWeightsAndReturns130()
    {
        using var folder = new TemporaryFolder();
        ColoredPictures.Draw(Path.Combine(folder.Path, "data"), 5);

        using var training = Start(
            folder.Path, "train", "data", "--epochs", "1000", "--batch-size", "4", "--output", "run", "--no-pixel-cache");
        string? line;
        do
        {
            line = await training.StandardOutput.ReadLineAsync();
        }
        while (line?.StartsWith("Epoch", StringComparison.Ordinal) == false);

        using (var kill = Process.Start("kill", ["-INT", $"{training.Id}"]))
            await kill.WaitForExitAsync();
        await training.WaitForExitAsync();

        Assert.AreEqual(130, training.ExitCode);
        StringAssert.StartsWith(
            await training.StandardError.ReadToEndAsync(), "Interrupted; the best weights so far, of epoch ");
        Assert.IsTrue(File.Exists(Path.Combine(folder.Path, "run", "model.zip")));
        Assert.IsTrue(File.Exists(Path.Combine(folder.Path, "run", "metrics.json")));
    }

    // LibTorch counts the machine's cores; a container's quota and this variable are known to .NET alone.
    [TestMethod]
    public async Task Train_ProcessThatMayUseOneCore_ComputesWithOneThread()
    {
        using var folder = new TemporaryFolder();
        ColoredPictures.Draw(Path.Combine(folder.Path, "data"), 5);
        SmallStack.WriteTo(folder);

        using var training = Start(
            folder.Path,
            [new("DOTNET_PROCESSOR_COUNT", "1")],
            "train", "data", "--epochs", "1", "--no-pixel-cache", "--stack", "stack.json");
        await training.WaitForExitAsync();

        StringAssert.Contains(await training.StandardOutput.ReadToEndAsync(), "CPU (1 threads)");
        Assert.AreEqual("", await training.StandardError.ReadToEndAsync());
    }

    // ONNX Runtime says it on standard error by itself, with a date and in red, unless it is told not to.
    [TestMethod]
    public async Task Predict_NetworkThatFailsAsItRuns_SaysItInOneLine()
    {
        using var folder = new TemporaryFolder();
        ColoredPictures.Draw(Path.Combine(folder.Path, "data"), 1);
        var broken = Path.Combine(Repository.Root, "tests", "Goldens", "onnx", "fails-as-it-runs.onnx");

        using var predicting = Start(folder.Path, "predict", broken, "data");
        await predicting.WaitForExitAsync();

        Assert.AreEqual(2, predicting.ExitCode);
        var lines = (await predicting.StandardError.ReadToEndAsync()).TrimEnd().Split('\n');
        Assert.HasCount(1, lines, string.Join('\n', lines));
        StringAssert.StartsWith(lines[0], $"error: '{broken}' cannot be read as a model for pictures: ");
    }

    private static Process Start(string folder, params string[] arguments) => Start(folder, [], arguments);

    private static Process Start(string folder, KeyValuePair<string, string>[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
