using System.CommandLine;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>What a shell makes of a variable that is not set.</summary>
[TestClass]
public sealed class EmptyTextTests
{
    private static readonly RootCommand Root = CommandLine.Create(new Terminal(TextWriter.Null, TextWriter.Null, Live: null));

    public static IEnumerable<object[]> Texts =>
        from command in Root.Subcommands
        from option in command.Options
        where option.ValueType == typeof(string) || option.ValueType == typeof(string[])
        from empty in (string[])["", " "]
        select new object[] { command.Name, option.Name, empty };

    [TestMethod]
    [DynamicData(nameof(Texts))]
    public void Option_ThatIsEmpty_IsRefusedByName(string command, string option, string empty)
    {
        // A model is given in one place, and the file of summary excludes its options.
        var others = Root.Subcommands.Single(one => one.Name == command).Arguments.Select(argument => "x")
            .Skip(option == "--model" || command == "summary" ? 1 : 0);

        var parsed = Root.Parse([command, .. others, option, empty]);

        CollectionAssert.Contains(parsed.Errors.Select(error => error.Message).ToList(), $"{option} is empty. Give what it is for, or leave it out.");
    }

    [TestMethod]
    [DataRow("FOLDER", "train", "")]
    [DataRow("PHOTOS", "pretrain", "")]
    [DataRow("FOLDER", "inspect", " ")]
    [DataRow("STACK.json|MODEL", "summary", "")]
    [DataRow("MODEL", "evaluate", "", "x")]
    [DataRow("FOLDER", "evaluate", "x", "")]
    [DataRow("MODEL", "predict", "", "x")]
    [DataRow("PATH", "predict", "m", "x", "", "y")]
    [DataRow("MODEL.zip", "quantize", "")]
    [DataRow("FOLDER", "quantize", "m", "")]
    [DataRow("OUT", "convert", "a", "")]
    [DataRow("FILE", "import", "", "b")]
    [DataRow("FILE", "export", "a", "")]
    public async Task Argument_ThatIsEmpty_IsRefusedByName(string argument, params string[] line)
    {
        var result = await Invocation.Of(line);

        Assert.AreEqual((2, ""), (result.ExitCode, result.Out));
        StringAssert.StartsWith(result.Error, $"error: {argument} is empty. Give what it is for, or leave it out.\n");
    }
}
