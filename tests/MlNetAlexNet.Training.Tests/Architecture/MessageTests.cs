using System.Text.RegularExpressions;

namespace MlNetAlexNet.Training.Tests.Architecture;

[TestClass]
public sealed partial class MessageTests
{
    // The command alone knows its flags; a library names the option.
    [TestMethod]
    [DataRow("MlNetAlexNet")]
    [DataRow("MlNetAlexNet.Training")]
    public void Messages_OfALibrary_NameNoFlag(string library)
    {
        var source = Path.Combine(Repository.Root, "src", library);
        var flags =
            from file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            where !Path.GetRelativePath(source, file).StartsWith("obj", StringComparison.Ordinal)
            from line in File.ReadLines(file)
            where Flag().IsMatch(line)
            select $"{Path.GetFileName(file)}: {line.Trim()}";

        Assert.AreEqual("", string.Join('\n', flags));
    }

    [TestMethod]
    public void Flag_InAText_IsFound() => Assert.IsTrue(Flag().IsMatch("throw new(\"Pass --overwrite.\")"));

    [GeneratedRegex("\"[^\"]*--[a-z]")]
    private static partial Regex Flag();
}
