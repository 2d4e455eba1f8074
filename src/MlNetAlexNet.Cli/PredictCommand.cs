using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Explanation;
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
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private sealed record Guess(string Label, float Probability);

    private sealed record Line(string Path, string Label, IReadOnlyList<Guess> Top, Explained? Explanation);

    private sealed record Explained(string Label, float Probability, string Overlay, Peak Peak);

    private sealed record Peak(int Left, int Top, int Width, int Height, float Probability, float Bits);

    private sealed record Answer(ImageOutcome Outcome, OcclusionMap? Map = null);

    private sealed record Failure(string Path, string Error);

    public static Command Create(Terminal terminal)
    {
        var pictures = new Argument<string[]>("paths")
        {
            Description = "Picture files, folders (searched to any depth) and patterns with *, ? and **.",
            HelpName = "PATH...",
        };
        var json = new Option<bool>("--json")
        {
            Description =
                "Print a JSON object a picture, each on a line: path, label, top with label and probability, explanation with "
                + "label, probability, overlay and peak where one is asked for; of one that is missing or cannot be decoded path and error.",
        };
        var top = new Option<int?>("--top")
        {
            Description = "Classes of each picture to print, at most as many as there are. Default: 5, or as the model was trained.",
            HelpName = "N",
        };
        top.RequireAtLeast(1);
        var command = new Command(
            "predict", "Prints the most probable classes of pictures. Exit 2 if one is missing or cannot be decoded; the others are printed.")
        {
            top, json,
        };
        var model = new ModelArgument(command, pictures);
        var flags = new ScoringFlags(command);
        var explain = new ExplainFlags(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            using var classifier = flags.Open(parsed, model.Model(parsed), terminal);
            var (asJson, most) = (parsed.GetValue(json), parsed.GetValue(top));
            var exit = ExitCode.Success;
            var transparent = 0;
            var paths = ImagePaths.Expand(model.Others(parsed), out var others, out var faults);
            terminal.WriteLeftOut(others);
            string[] found = [.. paths.Where(path => !faults.ContainsKey(path))];
            var explanation = explain.Read(parsed, classifier, found);
            var answers = explanation is { } asked
                ? found.Select(path => Explain(asked.Explainer, path, terminal, cancellationToken))
                : classifier.TryClassifyMany(found, cancellationToken).Select(outcome => new Answer(outcome));
            using var scored = answers.GetEnumerator();
            using var log = terminal.OpenCount();
            var done = 0;
            foreach (var path in paths)
            {
                log.Report(WorkNews.Tell(new EvaluationProgress(done++, paths.Count), "scoring the pictures"));
                var (outcome, map) = !faults.TryGetValue(path, out var fault) && scored.MoveNext()
                    ? scored.Current
                    : new Answer(new ImageOutcome(path, null, fault));
                transparent += outcome.IsTransparent ? 1 : 0;
                if (outcome.Prediction is { } prediction)
                {
                    var explained = map is null ? null : Write(map, explanation!.Value.Overlays[path]);
                    var guesses = Top(prediction, classifier.Classes, most);
                    terminal.Out.WriteLine(asJson
                        ? AsJson(new Line(outcome.Path, prediction.PredictedLabel, [.. guesses], explained))
                        : outcome.Path + string.Concat(guesses.Select(AsText)) + (explained is null ? "" : AsText(explained)));
                    continue;
                }

                exit = ExitCode.Input;
                if (asJson)
                    terminal.Out.WriteLine(AsJson(new Failure(outcome.Path, outcome.Fault!.Message)));
                else
                    terminal.Error.WriteLine($"error: {outcome.Fault!.Message}");
            }

            if (MetricsText.FormatTransparent(transparent, paths.Count) is { } note)
                terminal.Error.WriteLine(note);
            return Task.FromResult(exit);
        });
        return command;
    }

    // A picture that cannot be decoded ends none of the others.
    private static Answer Explain(OcclusionExplainer explainer, string path, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            using var log = terminal.Live is null ? null : terminal.OpenProgress(); // elsewhere the pictures are counted
            var progress = new ProgressHandler<ExplanationProgress>(at => log?.Report(WorkNews.Tell(at)));
            var map = explainer.Explain(path, progress, cancellationToken);
            return new Answer(new ImageOutcome(path, map.Prediction, null) { IsTransparent = map.IsTransparent }, map);
        }
        catch (AlexNetException fault)
        {
            return new Answer(new ImageOutcome(path, null, fault));
        }
    }

    private static Explained Write(OcclusionMap map, string overlay)
    {
        map.WriteOverlay(overlay);
        var (row, column) = map.Peak;
        var (left, top, width, height) = map.FindPart(row, column);
        var peak = new Peak(left, top, width, height, map.Probabilities[(row * map.Positions) + column], map[row, column]);
        return new Explained(map.Class, map.Probability, overlay, peak);
    }

    private static string AsText(Explained explained)
    {
        var (label, probability, overlay, peak) = explained;
        return string.Create(CultureInfo.InvariantCulture,
            $"\n  explained  {label}: {probability:0.0%}, and {peak.Probability:0.0%} without the {peak.Width} x {peak.Height} pixels at "
            + $"({peak.Left}, {peak.Top}), {peak.Bits:0.0} bits\n             {overlay}");
    }

    private static string AsText(Guess guess) =>
        string.Create(CultureInfo.InvariantCulture, $"\n{guess.Probability,8:0.0%}  {guess.Label}");

    private static string AsJson<T>(T line) => JsonSerializer.Serialize(line, Json);

    // Of equal scores the first class comes first, as in ONNX TopK.
    private static IEnumerable<Guess> Top(ImagePrediction prediction, IReadOnlyList<string> classes, int? most) => most is { } count
        ? classes.Zip(prediction.Score, (label, score) => new Guess(label, score)).OrderByDescending(guess => guess.Probability).Take(count)
        : prediction.TopLabels.Zip(prediction.TopScores, (label, score) => new Guess(label, score));
}
