using System.CommandLine;
using MlNetAlexNet.Reports;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet report</c>: the report of a run, made anew from its files.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("runs")
        {
            Description = "Run folders.", HelpName = "RUN...", Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("report", "Writes report.html of run folders anew, from the files in them and the test pictures.") { runs };
        command.SetAction((parsed, cancellationToken) =>
        {
            var exit = ExitCode.Success;
            foreach (var run in parsed.GetRequiredValue(runs))
            {
                try
                {
                    terminal.Out.WriteLine(RunReport.Write(run, cancellationToken));
                }
                catch (AlexNetException fault)
                {
                    terminal.Error.WriteLine($"error: {fault.Message}");
                    exit = ExitCode.Input;
                }
            }

            return Task.FromResult(exit);
        });
        return command;
    }
}
