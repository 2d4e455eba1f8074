using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlNetAlexNet.Training;

namespace MlNetAlexNet.Cli.Tests.Progress;

/// <summary>Every event is told, and docs/progress.md says what of it.</summary>
[TestClass]
public sealed class TrainNewsTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "progress.md"));

    public static IEnumerable<Type> Kinds => new[] { typeof(TrainingProgress), typeof(CommandLine) }
        .SelectMany(one => one.Assembly.GetTypes()).Where(type => type.IsSubclassOf(typeof(TrainingProgress)) && !type.IsAbstract);

    // One without any values has nothing to say, but is not unknown.
    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Tell_EveryKindOfProgress_IsKnown(Type kind)
    {
        try
        {
            new TrainNews().Tell((TrainingProgress)RuntimeHelpers.GetUninitializedObject(kind));
        }
        catch (Exception fault) when (fault is NullReferenceException or ArgumentNullException)
        {
        }
    }

    [TestMethod]
    public async Task Train_LogFormatJson_PrintsEventsAsThePageHasThem()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        ColoredPictures.Draw(data, 10);
        Directory.Move(Path.Combine(data, "red"), Path.Combine(data, "[red]\u202e\e[31m"));

        var result = await Invocation.Of(
            "train", data, "--output", Path.Combine(folder.Path, "run"), "--stack", SmallStack.WriteTo(folder), "--epochs", "2",
            "--recipe", "plain", "--log-format", "json");

        Assert.AreEqual("", result.Error);
        var lines = Parse(result.Out);
        Assert.HasCount(2, lines.Where(line => Name(line) == "epochCompleted"));
        Assert.AreEqual("completed", Name(lines[^1]));
        CollectionAssert.Contains(
            lines.Single(line => Name(line) == "picturesFound")["classes"]!.AsArray().Select(name => (string)name!).ToArray(), "[red]\u202e\e[31m");
        foreach (var line in lines)
        {
            var row = s_page.Split('\n').SingleOrDefault(row => Regex.IsMatch(row, $@"^\| [^|]*`{Name(line)}`"));
            Assert.IsNotNull(row, Name(line));
            foreach (var figure in line.Select(figure => figure.Key).Except(["time", "event"]))
                StringAssert.Contains(row, $"`{figure}`");
        }
    }

    [TestMethod]
    [DataRow("train nowhere --log-format json")]
    [DataRow("train nowhere --log-format json --epochs 3x")]
    [DataRow("quantize nowhere.zip --log-format json")]
    public async Task Command_LogFormatJsonAndAFault_EndsInAnEvent(string command)
    {
        var result = await Invocation.Of(command.Split(' '));

        Assert.AreEqual(2, result.ExitCode);
        Assert.AreEqual("", result.Error);
        var last = Parse(result.Out)[^1];
        Assert.AreEqual("failed", Name(last));
        Assert.AreEqual(2, (int)last["exitCode"]!);
    }

    private static JsonObject[] Parse(string text) => [.. text.Split('\n')[..^1].Select(line => JsonNode.Parse(line)!.AsObject())];

    private static string Name(JsonObject line) => (string)line["event"]!;
}
