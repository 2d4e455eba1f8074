using MlNetAlexNet.Images;
using Spectre.Console;

namespace MlNetAlexNet.Cli;

/// <summary>Where a command writes.</summary>
/// <param name="Out">Results; only these go to standard output.</param>
/// <param name="Error">Faults.</param>
/// <param name="Live">For progress that is drawn over itself; null where the output is not a terminal.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, IAnsiConsole? Live)
{
    public static Terminal OfProcess() => new(
        Console.Out,
        Console.Error,
        Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? null : AnsiConsole.Console);

    /// <summary>Says what is left out of the pictures by its name; nothing where there is none.</summary>
    public void WriteLeftOut(OtherFiles others)
    {
        if (others.Count > 0)
            Error.WriteLine($"left out: {others}");
    }
}
