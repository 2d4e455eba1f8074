using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MlNetAlexNet.Promotion;
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

    // More pictures, a class renamed and one added: the challenger wins by that class, and nothing is left to win for the next.
    [TestMethod]
    public async Task Retrain_WithMorePicturesAndClasses_PromotesOnWhatNeitherHasSeenAndThenNoMore()
    {
        using var folder = new TemporaryFolder();
        var (data, model) = (Path.Combine(folder.Path, "data"), Path.Combine(folder.Path, "run", "model.zip"));
        ColoredPictures.Draw(data, 20);
        Directory.Delete(Path.Combine(data, "green"), recursive: true);
        var trained = await Invocation.Of(
            "train", data, "--model", SmallStack.WriteTo(folder, classes: 2), "--epochs", "8", "--batch-size", "8",
            "--output", Path.Combine(folder.Path, "run"));
        Assert.AreEqual(0, trained.ExitCode, trained.Error);
        ColoredPictures.Draw(Path.Combine(folder.Path, "more"), 80, seed: 2);
        foreach (var name in ColoredPictures.Classes)
        {
            Directory.CreateDirectory(Path.Combine(data, name));
            Directory.Move(Path.Combine(folder.Path, "more", name), Path.Combine(data, name, "more"));
        }

        Directory.Move(Path.Combine(data, "red"), Path.Combine(data, "crimson"));
        var old = await File.ReadAllBytesAsync(model);

        var (exit, output, error) = await Run(folder, "retrain.cs", model, data, "10", "red=crimson");

        Assert.AreEqual(0, exit, output + error);
        StringAssert.Contains(output, "Classes that are new: green\n");
        StringAssert.Contains(output, "Left out: 0 that the champion was trained on");
        Assert.DoesNotContain("dropped", output);
        Assert.DoesNotContain("Warning", output);
        CollectionAssert.AreEqual(old, await File.ReadAllBytesAsync(Path.Combine(folder.Path, "run", "model.previous.zip")));
        using var classifier = ImageClassifier.Load(model);
        CollectionAssert.AreEqual((string[])["blue", "crimson", "green"], classifier.Classes.ToArray());
        Assert.IsGreaterThanOrEqualTo(180, classifier.TrainedOn.Count);
        var first = ReadRecord(output);
        Assert.AreEqual("promoted", first["outcome"]!.GetValue<string>());
        Assert.AreEqual(Champion.ComputeSha256(model), first["challenger"]!["sha256"]!.GetValue<string>());
        Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(old)), first["champion"]!["sha256"]!.GetValue<string>());
        Assert.AreEqual("crimson", first["classes"]!["renamed"]!["red"]!.GetValue<string>());
        Assert.IsGreaterThanOrEqualTo(5, first["comparison"]!["all"]!["won"]!.GetValue<int>());
        Assert.AreEqual(10, first["options"]!["training"]!["epochs"]!.GetValue<int>());

        File.Delete(Directory.GetFiles(Path.Combine(data, "blue", "more")).Order().First());
        (exit, output, error) = await Run(folder, "retrain.cs", model, data, "1");

        Assert.AreEqual(3, exit, output + error);
        StringAssert.Contains(output, "0 pictures are new, 1 removed, 0 of another class, 0 in another part");
        StringAssert.Contains(output, "Models were compared 1 times");
        StringAssert.Contains(output, "Nothing is trained.");
        Assert.AreEqual("hopeless", ReadRecord(output)["outcome"]!.GetValue<string>());
        Assert.AreEqual(first["challenger"]!["sha256"]!.GetValue<string>(), Champion.ComputeSha256(model));
    }

    // The last line of a gate's output is the path of its record.
    private static JsonNode ReadRecord(string output) =>
        JsonNode.Parse(File.ReadAllText(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]))!;

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
