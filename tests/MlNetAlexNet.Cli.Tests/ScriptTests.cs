using System.Diagnostics;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>The scripts compile with warnings as errors, from any folder, and say what they take.</summary>
[TestClass]
public sealed class ScriptTests
{
    [TestMethod]
    [DataRow("train.cs", "a", "b", "c")]
    [DataRow("retrain.cs")]
    [DataRow("score.cs")]
    [DataRow("score.cs", "a", "b", "c", "--card", "0")]
    [DataRow("stock-app.cs")]
    public async Task Script_WithWrongArguments_PrintsItsUsageAndReturns2(string script, params string[] arguments)
    {
        using var elsewhere = new TemporaryFolder();

        var (exit, output, error) = await Run(elsewhere, script, arguments);

        Assert.AreEqual(2, exit, output + error);
        StringAssert.StartsWith(error, "usage: dotnet run ");
    }

    // Twice as many pictures, a class renamed and one added: none of the comparison has trained the old model.
    [TestMethod]
    public async Task Retrain_WithMorePicturesAndClasses_ComparesOnWhatNeitherHasLearnt()
    {
        using var folder = new TemporaryFolder();
        var (data, model) = (Path.Combine(folder.Path, "data"), Path.Combine(folder.Path, "run", "model.zip"));
        ColoredPictures.Draw(data, 20);
        Directory.Delete(Path.Combine(data, "green"), recursive: true);
        var trained = await Invocation.Of(
            "train", data, "--model", SmallStack.WriteTo(folder, classes: 2), "--epochs", "8", "--batch-size", "8",
            "--output", Path.Combine(folder.Path, "run"));
        Assert.AreEqual(0, trained.ExitCode, trained.Error);
        ColoredPictures.Draw(Path.Combine(folder.Path, "more"), 20, seed: 2);
        foreach (var name in ColoredPictures.Classes)
        {
            Directory.CreateDirectory(Path.Combine(data, name));
            Directory.Move(Path.Combine(folder.Path, "more", name), Path.Combine(data, name, "more"));
        }

        Directory.Move(Path.Combine(data, "red"), Path.Combine(data, "crimson"));

        var (exit, output, error) = await Run(folder, "retrain.cs", model, data, "new.zip", "10", "red=crimson");

        Assert.AreEqual(0, exit, output + error);
        StringAssert.Contains(output, "Classes that are new: green\n");
        Assert.DoesNotContain("were trained on", output);
        Assert.DoesNotContain("dropped", output);
        using var classifier = ImageClassifier.Load(Path.Combine(folder.Path, "new.zip"));
        CollectionAssert.AreEqual((string[])["blue", "crimson", "green"], classifier.Classes.ToArray());
        Assert.IsGreaterThanOrEqualTo(70, classifier.TrainedOn.Count);
    }

    private static async Task<(int Exit, string Output, string Error)> Run(
        TemporaryFolder folder, string script, params string[] arguments)
    {
        var path = Path.Combine(Repository.Root, "pipelines", script);
        var start = new ProcessStartInfo("dotnet", ["run", path, .. arguments])
        {
            WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, error);
    }
}
