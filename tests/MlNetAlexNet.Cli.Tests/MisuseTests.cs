namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class MisuseTests
{
    [TestMethod]
    [DataRow("tran", "'tran'", "alexnet --help")]
    [DataRow("summary --classes ten", "ten", "alexnet summary --help")]
    [DataRow("train --device 7", "'7'", "alexnet train --help")]
    [DataRow("train --epoch 3", "--epoch", "alexnet train --help")]
    [DataRow("evaluate model.zip", "evaluate", "alexnet evaluate --help")]
    [DataRow("predict model.zip", "predict", "alexnet predict --help")]
    public async Task CommandLine_ThatIsWrong_NamesTheFaultAndAHint(string line, string named, string hint)
    {
        var result = await Invocation.Of(line.Split(' '));

        Assert.AreEqual(2, result.ExitCode);
        Assert.AreEqual("", result.Out);
        StringAssert.StartsWith(result.Error, "error: ");
        StringAssert.Contains(result.Error, named);
        StringAssert.Contains(result.Error, hint);
        Assert.IsFalse(result.Error.Contains("Options:", StringComparison.Ordinal), "The whole help hides the fault.");
    }

    [TestMethod]
    [DataRow("summary --classes 0")]
    [DataRow("train no-such-folder --output no-such-run")]
    [DataRow("train x --output no-such-run --class-weight cat")]
    [DataRow("train x --output no-such-run --epochs 0")]
    [DataRow("train --options no-such-options.json")]
    [DataRow("evaluate no-such-model.zip .")]
    [DataRow("predict no-such-model.zip x.png")]
    public async Task Command_ThatCannotWork_PrintsTheMessageAlone(string line)
    {
        var result = await Invocation.Of(line.Split(' '));

        Assert.AreEqual(2, result.ExitCode, result.Error);
        Assert.AreEqual("", result.Out);
        StringAssert.StartsWith(result.Error, "error: ");
        Assert.IsFalse(result.Error.Contains("   at ", StringComparison.Ordinal), result.Error);
    }

    [TestMethod]
    public async Task Command_WithADefect_PrintsTheTraceAndReturns1()
    {
        using var broken = new BrokenWriter();
        using var error = new StringWriter();

        var exit = await CommandLine.RunAsync(["summary"], new Terminal(broken, error, Live: null));

        Assert.AreEqual(1, exit);
        StringAssert.Contains(error.ToString(), "broken");
        StringAssert.Contains(error.ToString(), "   at ");
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void Write(string? value) => throw new InvalidOperationException("broken");
    }
}
