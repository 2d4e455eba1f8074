using System.CommandLine;
using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Training;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet recipes</c>: what <c>train --recipe</c> takes.</summary>
internal static class RecipesCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("recipes", "Lists the recipes of 'train' with their options and what each has reached.");
        command.SetAction(_ =>
        {
            terminal.Out.Write(string.Join('\n', Recipes.All.Select(Format)));
            return ExitCode.Success;
        });
        return command;
    }

    private static string Format(Recipe recipe)
    {
        var flags = RecipeFlags.List(recipe);
        return $"""
            {recipe.Name}
            {Paragraph.Format("  for", [recipe.Purpose, .. recipe == Recipes.SmallData ? [Default] : Array.Empty<string>()])}
            {Paragraph.Format("  reached", [recipe.Reached])}
            {Paragraph.Format("  flags", flags.Count > 0 ? Continue(flags) : ["none"])}

            """;
    }

    // Lines that a shell takes for one.
    private static IEnumerable<string> Continue(IReadOnlyList<string> flags)
    {
        var line = flags[0];
        foreach (var flag in flags.Skip(1))
        {
            if (line.Length + flag.Length > Paragraph.Width - " \\ ".Length)
            {
                yield return $"{line} \\";
                line = flag;
            }
            else
            {
                line += $" {flag}";
            }
        }

        yield return line;
    }

    private static string Default => FormattableString.Invariant(
        $"The default for {Recipes.SmallDataFewest} to {Recipes.SmallDataMost:N0} pictures to train on without initial weights.");
}
