using System.Text.RegularExpressions;

namespace MlNetAlexNet.Cli.Tests.Progress;

/// <summary>The command on real terminals: what is on them in the end, and while it works.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)] // 'script' takes other flags elsewhere
public sealed partial class TerminalCaptureTests(TestContext context)
{
    private const int Epochs = 3;
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Long = $"{new string('l', 60)}/{new string('o', 60)} n/{new string('g', 60)}";

    [ClassInitialize]
    public static void Draw(TestContext context)
    {
        PseudoTerminal.Require();
        SmallStack.WriteTo(Folder);
        var data = Path.Combine(Folder.Path, "data");
        ColoredPictures.Draw(data, 40);
        foreach (var (old, name) in ColoredPictures.Classes.Zip(Hostile))
            Directory.Move(Path.Combine(data, old), Path.Combine(data, name));
        foreach (var name in Hostile)
            Folder.Write($"data/{name}/bad.png", [1]);
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    private static string[] Hostile => ["[red]rot", "\u202eעברית 👩‍🔬\e[31m", "藍色的圖片藍色的圖片藍色的圖片藍色的圖片"];

    [TestMethod]
    [DataRow(40, 12)]
    [DataRow(80, 24)]
    [DataRow(110, 30)]
    [DataRow(200, 50)]
    public async Task Train_OnATerminal_LeavesWholeLinesAndNothingOfTheDisplay(int columns, int rows)
    {
        using var terminal = new PseudoTerminal(columns, rows, Folder.Path, "", Train($"wide-{columns}/{Long}", Epochs));
        var live = "";

        var exit = await terminal.WatchAsync(screen => live = LiveEpoch().IsMatch($"{screen}") ? $"{screen}" : live);

        context.WriteLine(live);
        context.WriteLine($"{terminal.Screen}");
        Assert.AreEqual(0, exit);
        Assert.IsTrue(terminal.Screen.IsCursorVisible);
        Assert.AreNotEqual("", live);
        RequireCleanLines(terminal.Screen, columns, Epochs);

        // Words in their order, however they are broken; a path can be copied.
        var words = Spaces().Replace(string.Join(' ', terminal.Screen.Lines), " ");
        StringAssert.Contains(words, "Test top-1 ");
        StringAssert.Contains(string.Concat(terminal.Screen.Lines), $"wide-{columns}/{Long}/model.zip");
        foreach (var name in (string[])["[red]rot/bad.png", @"\u202eעברית 👩‍🔬\u001b[31m/bad.png"])
            StringAssert.Contains(words.Replace("\u200d", "", StringComparison.Ordinal), name.Replace("\u200d", "", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task Train_InterruptedOnATerminal_LeavesItCleanWithTheCursor()
    {
        using var terminal = new PseudoTerminal(80, 24, Folder.Path, "", Train("interrupted", epochs: 100_000));
        var isInterrupted = false;

        var exit = await terminal.WatchAsync(screen =>
        {
            if (!isInterrupted && screen.Lines.Any(line => line.StartsWith("Epoch   2", StringComparison.Ordinal)))
            {
                terminal.Interrupt();
                isInterrupted = true;
            }
        });

        Assert.AreEqual(130, exit);
        Assert.IsTrue(terminal.Screen.IsCursorVisible);
        RequireCleanLines(terminal.Screen, 80, epochs: 2);
        Assert.IsTrue(terminal.Screen.Lines.Any(line => line.StartsWith("Interrupted; the best weights so far", StringComparison.Ordinal)));
        StringAssert.Contains($"{terminal.Screen}", "alexnet train --resume interrupted\n");
    }

    [TestMethod]
    public async Task Train_EndedByASecondInterruption_LeavesTheCursorAndNothingBehindIt()
    {
        using var terminal = new PseudoTerminal(80, 24, Folder.Path, "", Train("ended", epochs: 100_000));
        var pressed = 0;

        var exit = await terminal.WatchAsync(screen =>
        {
            if (pressed < 2 && LiveStep().IsMatch($"{screen}"))
            {
                terminal.Interrupt();
                pressed++;
            }
        });

        Assert.AreNotEqual(0, exit);
        Assert.IsTrue(terminal.Screen.IsCursorVisible);
        Assert.DoesNotMatchRegex(Display(), $"{terminal.Screen}");
    }

    [TestMethod]
    [DataRow("TERM=dumb", "")]
    [DataRow("", " | tee log")]
    public async Task Train_NoTerminalToDrawOn_PrintsPlainLines(string environment, string behind)
    {
        using var terminal = new PseudoTerminal(80, 24, Folder.Path, environment, Train($"plain{environment}", Epochs) + " --overwrite" + behind);

        var exit = await terminal.WatchAsync();

        Assert.AreEqual(0, exit);
        Assert.IsFalse(terminal.Sent.Replace("\e[?1h\e=", "", StringComparison.Ordinal).Contains('\e', StringComparison.Ordinal), terminal.Sent);
        RequireCleanLines(terminal.Screen, 80, Epochs);
        StringAssert.Contains($"{terminal.Screen}", ", at ");
    }

    [TestMethod]
    [DataRow("", true)]
    [DataRow("NO_COLOR=1", false)]
    public async Task Train_NoColor_DrawsWithoutColours(string environment, bool hasColours)
    {
        using var terminal = new PseudoTerminal(80, 24, Folder.Path, environment, Train($"colour{environment}", Epochs));
        var isLive = false;

        await terminal.WatchAsync(screen => isLive |= LiveStep().IsMatch($"{screen}"));

        Assert.IsTrue(isLive);
        Assert.AreEqual(hasColours, terminal.Screen.HasColours);
    }

    [TestMethod]
    public async Task Inspect_OnATerminal_LeavesTheResultAlone()
    {
        using var terminal = new PseudoTerminal(80, 24, Folder.Path, "", "inspect data");

        await terminal.WatchAsync();

        Assert.DoesNotMatchRegex(Display(), $"{terminal.Screen}");
        StringAssert.StartsWith(terminal.Screen.Lines.First(line => line != ""), "Pictures   123 in ");
    }

    private static string Train(string output, int epochs) =>
        $"train data --stack stack.json --recipe plain --batch-size 4 --seed 3 --no-pixel-cache --skip-bad-images --output '{output}' --epochs {epochs}";

    private static void RequireCleanLines(Screen screen, int columns, int epochs)
    {
        Assert.DoesNotMatchRegex(Display(), $"{screen}");
        Assert.IsLessThanOrEqualTo(columns, screen.Widths.Max());
        var text = string.Join(' ', screen.Lines.Select(line => line.Trim()));
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            Assert.HasCount(1, Regex.Matches(
                text,
                $@"Epoch {epoch,3}  train loss \d+\.\d{{4}} top-1 \d+\.\d%, validation loss \d+\.\d{{4}} top-1 \d+\.\d%, "
                + @"learning rate \d\.\d{5}, \d+\.\d images/s, \d+ s"), text);
        }
    }

    [GeneratedRegex(@"(step|validation) \d+/\d+")]
    private static partial Regex LiveStep();

    [GeneratedRegex(@"epoch \d+/3 .*\d+% .*(left|so far)\n+(step|validation) +\d+/\d+ .*%")]
    private static partial Regex LiveEpoch();

    [GeneratedRegex(@"[█░▁▂▃▄▅▆▇]|step \d|best so far|\bleft\n")]
    private static partial Regex Display();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
