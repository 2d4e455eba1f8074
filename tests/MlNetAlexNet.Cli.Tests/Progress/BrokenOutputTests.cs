using System.Text;
using MlNetAlexNet.Cli.Progress;
using Spectre.Console;

namespace MlNetAlexNet.Cli.Tests.Progress;

/// <summary>A terminal that has gone, or a log on a full drive, does not end the work; a result that cannot be written is told.</summary>
[TestClass]
public sealed class BrokenOutputTests
{
    private static readonly News s_work = new("step") { Work = new("training", Bar.Count("epoch", 1, 2)) };

    [TestMethod]
    [DataRow("plain")]
    [DataRow("json")]
    [DataRow("live")]
    public void Output_ThatBreaks_LetsTheWorkGoOnAndRefusesTheResult(string kind)
    {
        var (clock, writer) = (new ManualClock(), new BreakingWriter());
        var output = Open(kind, writer, clock);
        output.Report(s_work);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.IsGreaterThan(0, writer.Written, "nothing was written while it could be");

        writer.IsBroken = true;
        clock.Advance(TimeSpan.FromMinutes(5)); // what draws by itself
        output.Report(s_work with { Work = new("testing", Bar.Count("picture", 2, 2)) });
        output.Report(Say(NewsKind.Progress));
        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.IsGreaterThan(0, writer.Refused, "nothing was tried");
        Assert.ThrowsExactly<IOException>(() => output.Report(Say(NewsKind.Result)));
        output.Dispose();
    }

    [TestMethod]
    [DataRow("plain")]
    [DataRow("json")]
    [DataRow("live")]
    public void Output_ThatIsClosed_WritesNoProgress(string kind)
    {
        var (clock, writer) = (new ManualClock(), new BreakingWriter());
        var output = Open(kind, writer, clock);
        output.Report(s_work);
        output.Dispose();
        var before = writer.Written;

        output.Report(Say(NewsKind.Progress));
        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.AreEqual(before, writer.Written);
    }

    private static INewsOutput Open(string kind, TextWriter writer, ManualClock clock) => kind switch
    {
        "plain" => new PlainLines(writer, writer, writer, columns: 80, clock),
        "json" => new JsonLines(writer, isQuiet: false, clock),
        _ => new LiveLines(
            AnsiConsole.Create(new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(writer),
            }),
            writer, clock, new Lock()),
    };

    private static News Say(NewsKind kind) => new("said") { Kind = kind, Text = [new("Said", ["something"])] };

    private sealed class BreakingWriter : TextWriter
    {
        public bool IsBroken { get; set; }

        public int Written { get; private set; }

        public int Refused { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (IsBroken)
            {
                Refused++;
                throw new IOException("No space left on device");
            }

            Written++;
        }
    }
}
