using System.Diagnostics;

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
        var path = Path.Combine(Repository.Root, "pipelines", script);
        var start = new ProcessStartInfo("dotnet", ["run", path, .. arguments])
        {
            WorkingDirectory = elsewhere.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        };

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.AreEqual(2, process.ExitCode, await output + error);
        StringAssert.StartsWith(error, "usage: dotnet run ");
    }
}
