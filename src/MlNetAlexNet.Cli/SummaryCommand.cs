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
            Description = "Rate of the dropout before the first two dense layers; 0 for none.", HelpName = "RATE", DefaultValueFactory = _ => 0,
        };
        var command = new Command("summary", "Prints the layers with their output shapes and parameters.") { classes, dropout };
        command.SetAction(parsed =>
        {
            var plan = AlexNet.Keras(parsed.GetValue(classes), parsed.GetValue(dropout)).Plan();
            terminal.Out.Write(ModelSummary.Of(plan));
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Multiply-adds of one picture: {plan.MultiplyAdds:N0}"));
            return ExitCode.Success;
        });
        return command;
    }
}
