using System.CommandLine;
using MlNetAlexNet.Cli.Progress;

namespace MlNetAlexNet.Cli;

/// <summary>The flag for what is printed.</summary>
internal static class LogFormatFlag
{
    private const string Name = "--log-format";
    private const string Text = "text";
    private const string Json = "json";

    public static Option<string> Create()
    {
        var format = new Option<string>(Name)
        {
            Description =
                "What is printed: lines for people, or a JSON object for every event, each on a line, with its time, its name and its "
                + "figures; the result and what ends it are events, too.",
            HelpName = $"{Text}|{Json}",
            DefaultValueFactory = _ => Text,
        };
        format.RequireOneOf(Text, Json);
        return format;
    }

    /// <summary>What a command line says; text where it does not, or cannot.</summary>
    public static LogFormat Read(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == Name) is Option<string> flag
            && parsed.GetResult(flag) is { Tokens: [{ Value: var value }, ..] }
            && string.Equals(value, Json, StringComparison.OrdinalIgnoreCase)
            ? LogFormat.Json
            : LogFormat.Text;
}
