using System.CommandLine;
using System.Globalization;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Reports;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet compare</c>: two runs side by side.</summary>
internal static class CompareCommand
{
    public static Command Create(Terminal terminal)
    {
        var first = new Argument<string>("first") { Description = "A run folder.", HelpName = "RUN" };
        var second = new Argument<string>("second") { Description = "Another, such as one with other options.", HelpName = "RUN" };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Page to write. Default: compared-with-FIRST.html in the folder of the second.", HelpName = "FILE.html",
        };
        var command = new Command("compare", "Compares two run folders: prints the figures, and writes a page with both side by side.")
        {
            first, second, output,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (one, other) = (parsed.GetRequiredValue(first), parsed.GetRequiredValue(second));
            var page = parsed.GetValue(output) ?? Path.Combine(other, $"compared-with-{NameOf(one)}.html");
            var comparison = RunComparison.Write(one, other, page, cancellationToken);
            Write(terminal, one, comparison.First);
            Write(terminal, other, comparison.Second);
            terminal.Out.WriteLine(comparison.Paired is { } paired
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"Paired     {paired.Pictures} pictures: the first alone right {paired.OnlyFirstRight}, the second alone {paired.OnlySecondRight}, p = {paired.DifferencePValue:0.####}; the same class {paired.Agreement:0.0%}")
                : "Paired     no pictures that both have tested");
            terminal.Out.WriteLine($"Page       {page}");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static void Write(Terminal terminal, string run, Metrics? metrics) => terminal.Out.WriteLine(
        $"{run}\n           {(metrics is null ? "no test pictures on record" : MetricsText.FormatTotals(metrics))}");

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
