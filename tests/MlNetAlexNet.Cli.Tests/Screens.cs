using Spectre.Console;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>Terminals that keep what is drawn on them.</summary>
internal static class Screens
{
    public static IAnsiConsole Of(StringWriter screen)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(screen),
        });
        console.Profile.Width = 200;
        return console;
    }
}
