using System.Globalization;
using MlNetAlexNet.Cli.Progress;

namespace MlNetAlexNet.Cli.Tests.Progress;

/// <summary>A log for people gets a line every half a minute, and no more than it needs.</summary>
[TestClass]
public sealed class PlainLinesTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly StringWriter _progress = new() { NewLine = "\n" };
    private readonly StringWriter _results = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    private string[] Lines => _progress.ToString().Split('\n')[..^1];

    public void Dispose()
    {
        _progress.Dispose();
        _results.Dispose();
        _error.Dispose();
    }

    [TestMethod]
    public void Report_WorkWithoutAnyNews_IsToldEveryHalfMinute()
    {
        using var log = Open();
        log.Report(new("x") { Work = new("looking for the pictures") });

        _clock.Advance(TimeSpan.FromMinutes(5));

        CollectionAssert.AreEqual(
            Enumerable.Range(1, 12).Select(i => TimeSpan.FromSeconds(25 * i)).Select(at => string.Create(
                CultureInfo.InvariantCulture, $"05:{at.Minutes:00}:{at.Seconds:00}   looking for the pictures, 0:{at.Minutes:00}:{at.Seconds:00} so far")).ToArray(),
            Lines);
    }

    [TestMethod]
    public void Report_FiveMinutesOfSteps_NeverLeaveHalfAMinuteSilent()
    {
        using var log = Open();
        for (var second = 1; second <= 300; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            log.Report(new("step")
            {
                Work = new("training", Bar.Count("epoch", 2, 15), Bar.Count("step", second, 400))
                {
                    Figures = ["loss 1.2345", "95.3 images/s"], Left = TimeSpan.FromSeconds(7200 - second),
                },
            });
        }

        Assert.HasCount(12, Lines);
        Assert.AreEqual("05:00:25   epoch 2/15, step 24/400, loss 1.2345, 95.3 images/s, 1:59:36 left", Lines[0]);
        Assert.IsTrue(Lines.All(line => line.Length <= 80));
    }

    [TestMethod]
    public void Report_LinesThatStay_CountAsLines()
    {
        using var log = Open();
        log.Report(new("x") { Work = new("training") });
        for (var i = 0; i < 20; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            log.Report(new("y") { Text = [new("Epoch   1", "train loss 1")], IsTimed = true });
        }

        Assert.HasCount(20, Lines);
        Assert.AreEqual("Epoch   1  train loss 1, at 05:00:20", Lines[0]);
    }

    [TestMethod]
    public void Report_CountedWork_SaysHowMuchIsLeft()
    {
        using var log = Open();
        log.Report(new("x") { Work = new("decoding the pictures", Bar.Count("decoding the pictures", 0, 200_000)) });
        _clock.Advance(TimeSpan.FromSeconds(10));
        log.Report(new("x") { Work = new("decoding the pictures", Bar.Count("decoding the pictures", 20_000, 200_000)) });
        _clock.Advance(TimeSpan.FromSeconds(15));

        CollectionAssert.AreEqual(new[] { "05:00:25   decoding the pictures 20000/200000, 0:03:45 left" }, Lines);
    }

    [TestMethod]
    public void Report_EveryKind_GoesWhereItBelongs()
    {
        using var log = Open();
        foreach (var kind in Enum.GetValues<NewsKind>())
            log.Report(new("x") { Kind = kind, Text = [Paragraph.OfSentence($"{kind}")] });

        Assert.AreEqual("Progress\nWarning\n", _progress.ToString());
        Assert.AreEqual("Result\n", _results.ToString());
        Assert.AreEqual("Aside\n", _error.ToString());
    }

    [TestMethod]
    public void Dispose_Log_IsSilentFromThenOn()
    {
        var log = Open();
        log.Report(new("x") { Work = new("training") });
        log.Dispose();

        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.IsEmpty(Lines);
    }

    private PlainLines Open() => new(_progress, _results, _error, 80, _clock);
}
