using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Images;
using Spectre.Console;
using Paragraph = MlNetAlexNet.Cli.Progress.Paragraph;

namespace MlNetAlexNet.Cli;

/// <summary>Where a command writes.</summary>
/// <param name="Out">Results; only these go to standard output.</param>
/// <param name="Error">Faults.</param>
/// <param name="Live">For progress that is drawn over itself; null where the output is not a terminal.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, IAnsiConsole? Live)
{
    private readonly Lock _drawing = new();

    /// <summary>The time. Default: the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The most of a line of progress in plain text. Default 80.</summary>
    public int Columns { get; init; } = Paragraph.Columns;

    public static Terminal OfProcess() => new(
        Console.Out,
        Console.Error,
        Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? null : AnsiConsole.Console)
    {
        Columns = Console.IsOutputRedirected ? Paragraph.Columns : Math.Min(Paragraph.Columns, AnsiConsole.Profile.Width),
    };

    /// <summary>Leaves nothing behind the cursor of what was drawn, before the process ends: nothing is drawn from then on.</summary>
    public void EraseLive()
    {
        _drawing.Enter(); // and never left
        Live?.Write(new ControlCode(LiveLines.Erasure));
    }

    /// <summary>What a command that ends in lines is told on, all of it.</summary>
    /// <param name="format">For whom.</param>
    /// <param name="isQuiet">Whether how it goes is not told.</param>
    public INewsOutput OpenLog(LogFormat format, bool isQuiet) => format == LogFormat.Json ? new JsonLines(Out, isQuiet, Clock)
        : isQuiet ? new QuietLines(Out, Error, Columns)
        : Live is not null ? new LiveLines(Live, Error, Clock, _drawing)
        : new PlainLines(Out, Out, Error, Columns, Clock);

    /// <summary>How it goes with a command whose output is its result alone: with the errors where that is no terminal.</summary>
    /// <param name="format">For whom. Default: for people.</param>
    public INewsOutput OpenProgress(LogFormat format = LogFormat.Text) => format == LogFormat.Json ? new JsonLines(Out, isQuiet: false, Clock)
        : Live is not null ? new LiveLines(Live, Error, Clock, _drawing) : new PlainLines(Error, Out, Error, Columns, Clock);

    /// <summary>How it goes with a command that prints a result after the other: nothing where a terminal shows them.</summary>
    public INewsOutput OpenCount() =>
        Live is not null ? new QuietLines(Out, Error, Columns) : new PlainLines(Error, Out, Error, Columns, Clock);

    /// <summary>Says what is left out of the pictures by its name; nothing where there is none.</summary>
    public void WriteLeftOut(OtherFiles others)
    {
        if (others.Count > 0)
            Error.WriteLine($"left out: {others}");
    }
}
