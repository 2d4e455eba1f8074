using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlNetAlexNet.Cli;

/// <summary>
/// The model that a command scores with, <c>MODEL</c> or <c>--model FILE</c>, and the arguments that follow it.
/// </summary>
internal sealed class ModelArgument
{
    private readonly Argument<string?> _model = new("model")
    {
        Description = "Model zip of a run, or an ONNX, PyTorch, safetensors, Keras or TensorFlow.js file.",
        HelpName = "MODEL",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _option = new("--model")
    {
        Description = "The model, in place of MODEL before the others.", HelpName = "FILE",
    };

    private readonly Argument<string[]> _others;

    /// <param name="command">The command; the other arguments are added after the model.</param>
    /// <param name="others">One at least has to be given.</param>
    /// <param name="most">How many can be given.</param>
    public ModelArgument(Command command, Argument<string[]> others, int most = int.MaxValue)
    {
        _others = others;
        others.Arity = ArgumentArity.ZeroOrMore;
        command.Add(_model);
        command.Add(others);
        command.Add(_option);
        command.Validators.Add(result =>
        {
            var (model, given) = Of(result);
            if (model is null || given.Length == 0)
                result.AddError($"{command.Name} needs a MODEL, and then {others.HelpName?.TrimEnd('.')}.");
            else if (given.Length > most)
                result.AddError($"There is no room for '{given[most]}'.");
        });
    }

    public string Model(ParseResult parsed) => Of(parsed.CommandResult).Model!;

    public string[] Others(ParseResult parsed) => Of(parsed.CommandResult).Others;

    // With the option, what stands where the model would is the first of the others.
    private (string? Model, string[] Others) Of(SymbolResult result)
    {
        var (first, others) = (result.GetValue(_model), result.GetValue(_others) ?? []);
        return result.GetValue(_option) is not { } model ? (first, others)
            : first is null ? (model, others)
            : (model, [first, .. others]);
    }
}
