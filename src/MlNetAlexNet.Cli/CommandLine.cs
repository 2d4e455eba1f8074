using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using MlNetAlexNet.Cli.Progress;

namespace MlNetAlexNet.Cli;

/// <summary>The <c>alexnet</c> command: its parts, and what each kind of failure prints and returns.</summary>
internal static class CommandLine
{
    // The same text in every window and file.
    private const int HelpWidth = 110;

    // A name that begins with '@' is a path, not a file of arguments.
    private static readonly ParserConfiguration s_parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The command line, without the program.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="cancellationToken">Ends what is under way.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        Terminal terminal,
        CancellationToken cancellationToken = default)
    {
        // Neither what is read nor what is written depends on the country, not even where its culture was asked for
        // (DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0). It is that of all threads that are started from here.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        terminal = terminal with { Out = new PrintableWriter(terminal.Out), Error = new PrintableWriter(terminal.Error) };
        var root = Create(terminal);
        var parsed = root.Parse(arguments, s_parsing);
        string[] faults = [.. parsed.Errors.Select(error => error.Message), .. ListMistypedOptions(parsed)];
        if (faults.Length > 0)
            return Misuse();

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = terminal.Out,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Fail("Interrupted.", ExitCode.Interrupted, "");
        }
        catch (Exception e) when (UserFault.Find(e) is { } fault)
        {
            return Fail($"{fault.Message}{FlagOf(fault, parsed, root)}", ExitCode.Input);
        }
        catch (Exception e)
        {
            return Fail($"{e.Message.TrimEnd('.')}. This is a defect of alexnet, not of what was given. {DefectReport.Write(e)}", ExitCode.Defect);
        }

        int Misuse()
        {
            var command = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
            return Fail(string.Join("\nerror: ", faults) + $"\nRun 'alexnet {command}--help' to see what it takes.", ExitCode.Input);
        }

        // With the events where those are what is printed.
        int Fail(string message, int exitCode, string word = "error: ")
        {
            if (LogFormatFlag.Read(parsed) == LogFormat.Json)
                JsonLines.Write(terminal.Out, terminal.Clock, new("failed", new { Message = message, ExitCode = exitCode }));
            else
                terminal.Error.WriteLine(word + message);
            return exitCode;
        }
    }

    /// <summary>All commands, which refuse what is no value of theirs.</summary>
    internal static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand(
            "Trains AlexNet on folders of pictures and scores pictures with the model zip it writes.")
        {
            SummaryCommand.Create(terminal),
            InspectCommand.Create(terminal),
            TrainCommand.Create(terminal),
            PretrainCommand.Create(terminal),
            RecipesCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            ReportCommand.Create(terminal),
            CompareCommand.Create(terminal),
            QuantizeCommand.Create(terminal),
            PredictCommand.Create(terminal),
        };
        foreach (var convert in ConvertCommand.CreateAll(terminal))
            root.Add(convert);

        root.HelpName = "alexnet";
        if (root.Options.OfType<HelpOption>().Single().Action is HelpAction help)
            help.MaxWidth = HelpWidth;

        foreach (var command in root.Subcommands)
        {
            command.RequireTexts();
            foreach (var option in command.Options)
                option.RequireNumber();
        }

        return root;
    }

    // The library names the option that would allow it, and the command is to be told it by a flag, or another one is.
    private static string FlagOf(Exception fault, ParseResult parsed, RootCommand root)
    {
        var option = (fault as AlexNetException)?.Option ?? "";
        var flag = FlagName.Of(option);
        if (Find(parsed.CommandResult.Command) is { } own)
            return $" The flag for that is {own.Name}.";

        return parsed.GetResult("--initial-weights") is not null && Find(root.Subcommands.Single(other => other.Name == "import")) is { } import
            ? $" Give {import.Name} to 'alexnet import', and train on the zip that it writes."
            : "";

        Option? Find(Command one) =>
            one.Options.FirstOrDefault(option => option.Name == flag || option.Aliases.Contains(flag));
    }

    // Where a path may stand, an option that does not exist would be taken for one. Behind "--" all are paths.
    private static IEnumerable<string> ListMistypedOptions(ParseResult parsed)
    {
        var paths = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).ToHashSet(ReferenceEqualityComparer.Instance);
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(result => result.Tokens)
            .Where(token => token.Value.StartsWith('-') && !paths.Contains(token))
            .Select(token => $"There is no option '{token.Value}'. A path that begins so is written './{token.Value}', or behind '--'.");
    }
}
