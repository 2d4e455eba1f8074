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
        var command = new Command("report", "Writes report.html of a run folder anew, from the files in it and the test pictures.") { runs };
        command.SetAction((parsed, cancellationToken) =>
        {
            foreach (var run in parsed.GetRequiredValue(runs))
                terminal.Out.WriteLine(RunReport.Write(run, cancellationToken));
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
