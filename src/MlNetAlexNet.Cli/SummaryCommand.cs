using System.CommandLine;
using System.Globalization;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet summary</c>: the layer stack as Keras prints it.</summary>
internal static class SummaryCommand
{
    /// <summary>The names <c>--preset</c> takes.</summary>
    public static string Presets { get; } = string.Join(", ", AlexNet.Presets.Select(preset => preset.Name));

    public static Command Create(Terminal terminal)
    {
        var preset = new Option<string>("--preset")
        {
            Description = $"Network to show: {Presets}.",
            DefaultValueFactory = _ => AlexNet.DefaultPreset,
            HelpName = "NAME",
        };
        var classes = new Option<string>("--classes")
        {
            Description = "Classes, as many as the last layer has units: a number, a list such as cat,dog, or a file with one on each line.",
            DefaultValueFactory = _ => "10",
            HelpName = "N|A,B,...|FILE",
        };
        var dropout = new Option<double?>("--dropout")
        {
            Description = "Rate of the dropout at the first two dense layers; 0 for none. Default: as published.",
            HelpName = "RATE",
        };
        var file = new Argument<string?>("file")
        {
            Description = "What to show in place of a preset: the configuration of a sequential Keras model, or the stack of a model in any file.",
            HelpName = "STACK.json|MODEL",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var stack = new Option<string?>("--stack", "--model") { Description = "The same file, as other commands take it.", HelpName = "FILE" };
        var command = new Command("summary", "Prints the layers with their output shapes and parameters.")
        {
            file, preset, classes, dropout, stack,
        };
        command.Validators.Add(result =>
        {
            foreach (var option in (Option[])[preset, classes, dropout]) // a file has its own
            {
                result.RefuseBoth(option, stack);
                result.RefuseBoth(option, file);
            }

            result.RefuseBoth(stack, file);
        });
        command.SetAction(parsed =>
        {
            var shown = AlexNet.GetPreset(parsed.GetRequiredValue(preset));
            var plan = (parsed.GetValue(file) ?? parsed.GetValue(stack)) is { } path
                ? Read(path)
                : shown.Network(Count(parsed.GetRequiredValue(classes)), parsed.GetValue(dropout) ?? shown.Dropout).Plan();
            terminal.Out.Write(ModelSummary.Format(plan));
            var multiplyAdds = plan.MultiplyAdds.ToString("N0", CultureInfo.InvariantCulture);
            terminal.Out.WriteLine($"Multiply-adds of one picture: {multiplyAdds}");
            return ExitCode.Success;
        });
        return command;
    }

    private static LayerPlan Read(string file) => ModelFile.ReadStack(file) is { } json
        ? ModelFlags.ParseStack(file, json).Plan()
        : ModelFile.Read(file).Plan;

    private static int Count(string classes) =>
        FlagNumber.TryParse(classes, out int number) ? number : ClassNamesFlag.Read(classes).Count;
}
