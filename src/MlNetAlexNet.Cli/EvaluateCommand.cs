using System.CommandLine;
using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet evaluate</c>: metrics of a model zip on pictures of known classes.</summary>
internal static class EvaluateCommand
{
    private const string OneClassAdvice =
        "Look whether the model was trained on such pictures, and if it is another program's, whether what is assumed of it holds.";

    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string[]>("folder")
        {
            Description = "Folder with a folder of pictures for each class, or that 'train' took, of which the test is scored. " + TableFlags.Table, HelpName = "FOLDER",
        };
        var skip = new Option<bool>("--skip-bad-images") { Description = "Leave pictures out that cannot be decoded." };
        var json = new Option<bool>("--json") { Description = "Print the metrics as JSON, as in metrics.json." };
        var command = new Command("evaluate", "Scores pictures of known classes and prints the metrics.")
        {
            skip, json,
        };
        var model = new ModelArgument(command, folder, most: 1);
        var flags = new ScoringFlags(command);
        var table = new TableFlags(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            using var classifier = flags.Open(parsed, model.Model(parsed), terminal);
            var evaluation = Evaluate();
            var (metrics, _, leftOut) = evaluation;
            foreach (var path in leftOut)
                terminal.Error.WriteLine($"left out, cannot be decoded: {path}");
            if (leftOut.Count > 0)
                terminal.Error.WriteLine($"{leftOut.Count} left out in all");

            if (MetricsText.FormatTrainedOn(evaluation) is { } warning)
                terminal.Error.WriteLine(warning);
            if (MetricsText.FormatTransparent(evaluation.Transparent, metrics.Pictures) is { } transparent)
                terminal.Error.WriteLine(transparent);
            if (MetricsText.FormatOneClass(metrics, OneClassAdvice) is { } oneClass)
                terminal.Error.WriteLine($"Warning: {oneClass}");

            if (parsed.GetValue(json))
            {
                terminal.Out.Write(MetricsFile.Format(evaluation));
                return Task.FromResult(ExitCode.Success);
            }

            terminal.Out.WriteLine(MetricsText.FormatTotals(metrics));
            terminal.Out.WriteLine();
            terminal.Out.WriteLine(MetricsText.FormatClasses(metrics));
            terminal.Out.Write(metrics.Confusion);
            return Task.FromResult(ExitCode.Success);

            EvaluationResult Evaluate()
            {
                using var log = terminal.OpenProgress();
                log.Report(new News("started") { Work = new("looking for the pictures") });
                var (pictures, isDrawn) = TestPictures.Open(
                    model.Model(parsed), classifier.TrainedOn, model.Others(parsed)[0], table.Read(parsed), cancellationToken);
                if (isDrawn)
                    Say($"scored: the {pictures.Test.Count} pictures that training draws for the test");
                if (pictures.OtherFiles.Count > 0)
                    log.Report(ResultNews.Tell(pictures.OtherFiles));
                foreach (var empty in pictures.EmptyClasses)
                    Say($"no pictures: {empty}");
                return ModelEvaluation.Evaluate(
                    classifier,
                    pictures.Test,
                    parsed.GetValue(skip),
                    new ProgressHandler<EvaluationProgress>(at => log.Report(WorkNews.Tell(at, "scoring the pictures"))),
                    cancellationToken);

                void Say(Wording sentence) => log.Report(new("note") { Kind = NewsKind.Aside, Text = [Paragraph.OfSentence(sentence)] });
            }
        });
        return command;
    }
}
