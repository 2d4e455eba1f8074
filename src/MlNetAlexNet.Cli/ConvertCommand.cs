using System.CommandLine;
using System.Globalization;
using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet convert</c>, <c>import</c> and <c>export</c>: a model from one kind of file to another.</summary>
internal static class ConvertCommand
{
    private static string Kinds => string.Join(", ", ModelFile.Formats);

    public static IEnumerable<Command> CreateAll(Terminal terminal) =>
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
        var embed = new Option<bool>("--embed-normalization")
        {
            Description = "Write mean and deviation as a layer of the file: .keras, .h5 and TensorFlow.js.",
        };
        var command = new Command(name, description) { input, output, overwrite, embed };
        var flags = new ModelFlags(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var (source, target) = (parsed.GetRequiredValue(input), parsed.GetRequiredValue(output));
            var (replaces, embeds) = (parsed.GetValue(overwrite), parsed.GetValue(embed));
            Require(
                name != "import" || ModelFile.ChooseFormat(target) == ModelZip.Format,
                $"import writes a model zip; '{target}' does not end in .zip. Use convert.");
            Require(
                name != "export" || ModelFile.Recognize(source) == ModelZip.Format,
                $"export reads a model zip, and '{source}' is none. Use convert.");
            ModelFile.RequireWritable(target, replaces, embeds);
            var options = flags.Read(parsed);
            cancellationToken.ThrowIfCancellationRequested();
            if (options with { Views = null } == new ModelFileOptions() && ModelFile.TryCopyNetwork(source, target, options.Views))
            {
                WriteViews(terminal, options.Views);
                terminal.Out.WriteLine($"Model      {target}, the network as it is");
                return Task.FromResult(ExitCode.Success);
            }

            if (ModelFile.TryWrapNetwork(source, target, options, out var assumed))
            {
                terminal.Out.WriteLine(ModelFlags.Assumed(assumed));
                WriteViews(terminal, options.Views);
                terminal.Out.WriteLine($"Model      {target}, the network as it is");
                return Task.FromResult(ExitCode.Success);
            }

            var content = ModelFile.Read(source, options);
            cancellationToken.ThrowIfCancellationRequested();
            ModelFile.Write(content.Model, target, replaces, embeds);
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
        if (content.Beside is { } read)
            terminal.Out.WriteLine(Paragraph.Format("Beside", [$"{read}: class names and what happens to pictures, as it says."]));
        if (content.Ignored.Count > 0)
            terminal.Out.WriteLine(Paragraph.Format("Ignored", content.Ignored));
        if (content.Assumed.Count > 0)
            terminal.Out.WriteLine(ModelFlags.Assumed(content.Assumed));
        WriteViews(terminal, model.Preprocessing.Views);

        terminal.Out.WriteLine($"Model      {target}");
        if (ModelFile.FindBeside(target) is { } beside)
        {
            terminal.Out.WriteLine(Paragraph.Format("Beside", [
                $"{beside}: what it does not hold, such as class names and what happens to pictures; keep the two together."]));
        }
    }

    private static void WriteViews(Terminal terminal, ScoringViews? views)
    {
        if (views is { } given && ViewFlags.Describe(given) is { } line)
            terminal.Out.WriteLine(line);
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new AlexNetException(otherwise);
    }
}
