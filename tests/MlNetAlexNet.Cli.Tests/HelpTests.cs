namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class HelpTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow("summary")]
    [DataRow("inspect")]
    [DataRow("train")]
    [DataRow("pretrain")]
    [DataRow("recipes")]
    [DataRow("evaluate")]
    [DataRow("quantize")]
    [DataRow("predict")]
    [DataRow("convert")]
    [DataRow("import")]
    [DataRow("export")]
    public async Task Help_OfACommand_IsTheApprovedText(string command)
    {
        var help = await Invocation.Of([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.AreEqual(0, help.ExitCode);
        var lines = help.Out.Split('\n').Select(line => line.TrimEnd());
        Approved.Equals($"help{(command == "" ? "" : "-" + command)}.txt", string.Join('\n', lines));
    }
}
