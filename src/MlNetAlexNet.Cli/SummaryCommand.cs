using System.CommandLine;
using System.Globalization;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet summary</c>: the layer stack as Keras prints it.</summary>
internal static class SummaryCommand
{
    public static Command Create(Terminal terminal)
    {
        var classes = new Option<int>("--classes")
        {
            Description = "Units of the last layer.", DefaultValueFactory = _ => 10, HelpName = "N",
        };
        var dropout = new Option<double>("--dropout")
        {
            Description = "Rate of the dropout before the first two dense layers; 0 for none.",
            DefaultValueFactory = _ => 0,
            HelpName = "RATE",
        };
        var command = new Command("summary", "Prints the layers with their output shapes and parameters.")
        {
            classes, dropout,
        };
        command.SetAction(parsed =>
        {
            var plan = AlexNet.Keras(parsed.GetValue(classes), parsed.GetValue(dropout)).Plan();
            terminal.Out.Write(ModelSummary.Of(plan));
            var multiplyAdds = plan.MultiplyAdds.ToString("N0", CultureInfo.InvariantCulture);
            terminal.Out.WriteLine($"Multiply-adds of one picture: {multiplyAdds}");
            return ExitCode.Success;
        });
        return command;
    }
}
