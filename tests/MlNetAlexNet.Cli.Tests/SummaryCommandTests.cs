namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class SummaryCommandTests
{
    [TestMethod]
    public async Task Summary_TenClasses_PrintsTheTotals()
    {
        var result = await Invocation.Of("summary", "--classes", "10");

        Assert.AreEqual(0, result.ExitCode);
        StringAssert.Contains(result.Out, "Total params: 58,322,314\n");
        StringAssert.Contains(result.Out, "Multiply-adds of one picture: 1,131,201,056\n");
    }

    [TestMethod]
    public async Task Summary_WithDropout_ListsIt() =>
        StringAssert.Contains((await Invocation.Of("summary", "--dropout", "0.5")).Out, "dropout_2 (Dropout)");
}
