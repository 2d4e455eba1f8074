using System.CommandLine;
using System.Globalization;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

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
        var classes = new Option<int>("--classes")
        {
            Description = "Units of the last layer.", DefaultValueFactory = _ => 10, HelpName = "N",
        };
        var dropout = new Option<double?>("--dropout")
        {
            Description = "Rate of the dropout at the first two dense layers; 0 for none. Default: as published.",
            HelpName = "RATE",
        };
        var stack = new Option<string?>("--model")
        {
            Description = "Stack to show in place of a preset: the configuration of a sequential Keras model.",
            HelpName = "STACK.json",
        };
        var command = new Command("summary", "Prints the layers with their output shapes and parameters.")
        {
            preset, classes, dropout, stack,
        };
        command.Validators.Add(result => result.RefuseBoth(preset, stack));
        command.SetAction(parsed =>
        {
            var shown = AlexNet.GetPreset(parsed.GetRequiredValue(preset));
            var plan = parsed.GetValue(stack) is { } file
                ? KerasConfig.ReadFile(file).Plan()
                : shown.Network(parsed.GetValue(classes), parsed.GetValue(dropout) ?? shown.Dropout).Plan();
            terminal.Out.Write(ModelSummary.Format(plan));
            var multiplyAdds = plan.MultiplyAdds.ToString("N0", CultureInfo.InvariantCulture);
            terminal.Out.WriteLine($"Multiply-adds of one picture: {multiplyAdds}");
            return ExitCode.Success;
        });
        return command;
    }
}
