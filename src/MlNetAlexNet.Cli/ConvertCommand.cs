using System.CommandLine;
using System.Globalization;
using MlNetAlexNet.Formats;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet convert</c>, <c>import</c> and <c>export</c>: a model from one kind of file to another.</summary>
internal static class ConvertCommand
{
    private static string Kinds => string.Join(", ", ModelFile.Formats);

    public static IEnumerable<Command> All(Terminal terminal) =>
    [
        Create(terminal, "convert", "Writes a model as another kind of file, told by its ending.", "IN", "OUT"),
        Create(terminal, "import", "Makes a model zip of another framework's file.", "FILE", "MODEL.zip"),
        Create(terminal, "export", "Writes the network of a model zip as another framework's file.", "MODEL.zip", "FILE"),
    ];

    private static Command Create(Terminal terminal, string name, string description, string from, string to)
    {
        var input = new Argument<string>("in")
        {
            Description = "File to read, told by what it contains.", HelpName = from,
        };
        var output = new Argument<string>("out") { Description = $"File to write: {Kinds}.", HelpName = to };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file to write where there is one." };
        var command = new Command(name, description) { input, output, overwrite };
        var flags = new ModelFlags(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var (source, target) = (parsed.GetRequiredValue(input), parsed.GetRequiredValue(output));
            var replaces = parsed.GetValue(overwrite);
            Require(
                name != "import" || ModelFile.FormatToWrite(target) == ModelZip.Format,
                $"import writes a model zip; '{target}' does not end in .zip. Use convert.");
            Require(
                name != "export" || ModelFile.Recognize(source) == ModelZip.Format,
                $"export reads a model zip, and '{source}' is none. Use convert.");
            ModelFile.RequireWritable(target, replaces);
            var options = flags.Of(parsed);
            cancellationToken.ThrowIfCancellationRequested();
            if (options == new ModelFileOptions() && ModelFile.TryCopyNetwork(source, target))
            {
                terminal.Out.WriteLine($"Model      {target}, the network as it is");
                return Task.FromResult(ExitCode.Success);
            }

            var content = ModelFile.Read(source, options);
            cancellationToken.ThrowIfCancellationRequested();
            ModelFile.Write(content.Model, target, replaces);
            Report(terminal, content, target);
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static void Report(Terminal terminal, ModelFileContent content, string target)
    {
        var model = content.Model;
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Matched    {model.Weights.Count} weights of {model.Plan.Count} layers, {model.Plan.Parameters:N0} parameters, {model.Classes.Count} classes"));
        if (content.Ignored.Count > 0)
            terminal.Out.WriteLine($"Ignored    {string.Join(", ", content.Ignored)}");

        if (content.Assumed.Count > 0)
            terminal.Out.WriteLine(ModelFlags.Assumed(content.Assumed));

        if (!ModelFile.KeepsClasses(target))
        {
            terminal.Out.WriteLine(
                $"Left out   what such a file does not hold: mean {Numbers(model.Preprocessing.Mean)}, deviation " +
                $"{Numbers(model.Preprocessing.StandardDeviation)}, classes {string.Join(", ", model.Classes.Take(20))}" +
                (model.Classes.Count > 20 ? ", ..." : ""));
        }

        terminal.Out.WriteLine($"Model      {target}");
    }

    private static string Numbers(IEnumerable<float> values) =>
        string.Join(",", values.Select(value => value.ToString("0.###", CultureInfo.InvariantCulture)));

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new AlexNetException(otherwise);
    }
}
