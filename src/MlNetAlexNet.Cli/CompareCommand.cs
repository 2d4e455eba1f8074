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
        command.Validators.Add(result =>
        {
            // Another ending is more likely a file of the run than a page.
            if (result.GetValue(output) is { } page && !string.IsNullOrWhiteSpace(page) && Path.GetExtension(page).ToLowerInvariant() is not (".html" or ".htm"))
                result.AddError($"'{page}' is no name for a page. Give {output.Name} one that ends in .html.");
        });
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
            if (comparison.Paired is not null && comparison.AreOfOtherFolders)
                terminal.Out.WriteLine("Warning    The pictures are of two folders, and are taken to be the same where their paths within are.");
            terminal.Out.WriteLine($"Page       {page}");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static void Write(Terminal terminal, string run, Metrics? metrics) => terminal.Out.WriteLine(
        $"{run}\n           {(metrics is null ? "no test pictures on record" : MetricsText.FormatTotals(metrics))}");

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
