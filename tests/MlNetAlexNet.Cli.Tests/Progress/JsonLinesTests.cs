using System.Text.Json.Nodes;
using MlNetAlexNet.Cli.Progress;

namespace MlNetAlexNet.Cli.Tests.Progress;

/// <summary>A log for programs is an object a line, whatever is in it.</summary>
[TestClass]
public sealed class JsonLinesTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };

    private JsonObject[] Lines => [.. _output.ToString().Split('\n')[..^1].Select(line => JsonNode.Parse(line)!.AsObject())];

    public void Dispose()
    {
        _output.Dispose();
    }

    [TestMethod]
    public void Report_AnyFigures_AreOneLineOfJson()
    {
        using var log = Open();
        log.Report(new("x", new
        {
            TrainLoss = double.NaN, Rate = double.PositiveInfinity, Half = 0.5, Names = new[] { "[red]\n\"\e[31m", "\u202eעברית", "藍色🟦\u0085\u2028" },
            Kind = NewsKind.Aside, Nothing = (string?)null,
        }));

        Assert.AreEqual(1, _output.ToString().Count(letter => letter == '\n'));
        Assert.IsFalse(_output.ToString().TrimEnd('\n').Any(char.IsControl));
        var line = Lines.Single();
        CollectionAssert.AreEqual(
            new[] { "time", "event", "trainLoss", "rate", "half", "names", "kind", "nothing" }, line.Select(figure => figure.Key).ToArray());
        Assert.AreEqual("2026-11-27T05:00:00.000Z", (string)line["time"]!);
        Assert.IsNull(line["trainLoss"]);
        Assert.IsNull(line["rate"]);
        Assert.AreEqual(0.5, (double)line["half"]!);
        Assert.AreEqual("藍色🟦\u0085\u2028", (string)line["names"]![2]!);
        Assert.AreEqual("[red]\n\"\e[31m", (string)line["names"]![0]!);
    }

    [TestMethod]
    public void Report_FrequentNews_AreOneASecondAndTheLast()
    {
        using var log = Open();
        for (var i = 1; i <= 1000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            log.Report(new("step", new { Step = i }) { IsFrequent = i < 1000 });
        }

        CollectionAssert.AreEqual(Enumerable.Range(1, 10).Select(i => 100 * i).ToArray(), Lines.Select(line => (int)line["step"]!).ToArray());
    }

    [TestMethod]
    public void Report_WorkWithoutNews_IsUnderway()
    {
        using var log = Open();
        log.Report(new("x") { Work = new("decoding", Bar.Count("decoding", 1, 4)) });
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.AreEqual(
            """{"time":"2026-11-27T05:00:25.000Z","event":"underway","work":"decoding","share":0.25,"seconds":25,"secondsLeft":75}""",
            _output.ToString().Split('\n')[1]);
    }

    [TestMethod]
    public void Report_Quiet_TellsAllButHowItGoes()
    {
        using var log = new JsonLines(_output, isQuiet: true, _clock);
        foreach (var kind in Enum.GetValues<NewsKind>())
            log.Report(new($"{kind}") { Kind = kind, Work = new("x") });
        _clock.Advance(TimeSpan.FromMinutes(5));

        CollectionAssert.AreEqual(new[] { "Warning", "Result", "Aside" }, Lines.Select(line => (string)line["event"]!).ToArray());
    }

    private JsonLines Open() => new(_output, isQuiet: false, _clock);
}
