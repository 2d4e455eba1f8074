using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet predict</c>: the most probable classes of pictures.</summary>
internal static class PredictCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private sealed record Guess(string Label, float Probability);

    private sealed record Line(string Path, string Label, IReadOnlyList<Guess> Top);

    public static Command Create(Terminal terminal)
    {
        var pictures = new Argument<string[]>("paths")
        {
            Description = "Picture files, folders (searched to any depth) and patterns with *, ? and **.",
            HelpName = "PATH...",
        };
        var json = new Option<bool>("--json")
        {
            Description = "Print a JSON object a picture, each on a line: path, label, top with label and probability.",
        };
        var command = new Command("predict", "Prints the most probable classes of pictures.") { json };
        var model = new ModelArgument(command, pictures);
        var flags = new ScoringFlags(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            using var classifier = flags.Open(parsed, model.Model(parsed), terminal);
            var exit = ExitCode.Success;
            var paths = ImagePaths.Expand(model.Others(parsed), out var others);
            terminal.WriteLeftOut(others);
            foreach (var outcome in classifier.TryClassifyMany(paths, cancellationToken))
            {
                if (outcome.Prediction is { } prediction)
                {
                    terminal.Out.WriteLine(parsed.GetValue(json)
                        ? AsJson(outcome.Path, prediction)
                        : AsText(outcome.Path, prediction));
                }
                else
                {
                    terminal.Error.WriteLine($"error: {outcome.Fault!.Message}");
                    exit = ExitCode.Input;
                }
            }

            return Task.FromResult(exit);
        });
        return command;
    }

    private static string AsText(string path, ImagePrediction prediction) =>
        path + string.Concat(Top(prediction).Select(guess =>
            string.Create(CultureInfo.InvariantCulture, $"\n{guess.Probability,8:0.0%}  {guess.Label}")));

    private static string AsJson(string path, ImagePrediction prediction) =>
        JsonSerializer.Serialize(new Line(path, prediction.PredictedLabel, [.. Top(prediction)]), Json);

    private static IEnumerable<Guess> Top(ImagePrediction prediction) =>
        prediction.TopLabels.Zip(prediction.TopScores, (label, score) => new Guess(label, score));
}
