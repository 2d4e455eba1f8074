using System.Text.Json;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Formats;

namespace MlNetAlexNet.Training.Runs;

/// <summary>
/// <c>metrics.json</c> and <c>confusion.txt</c>: the test pictures as scored through the model zip, and what made the
/// figures.
/// </summary>
public static class MetricsFile
{
    /// <summary>
    /// Metrics as JSON, a line at the end: the members of <see cref="Metrics"/> in camel case, but for the confusion matrix,
    /// and <c>trainedOn</c>, the paths of those that the model was trained on.
    /// </summary>
    public static string Format(EvaluationResult evaluation) => Format(evaluation, run: null);

    internal static void Write(EvaluationResult evaluation, RunProvenance run, RunFolder folder)
    {
        WholeFile.WriteText(folder.Metrics, Format(evaluation, run));
        WholeFile.WriteText(folder.Confusion, evaluation.Metrics.Confusion.ToString());
    }

    private static string Format(EvaluationResult evaluation, RunProvenance? run)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var json = JsonSerializer.SerializeToNode(evaluation.Metrics, OptionsFile.Json)!.AsObject();
        json["trainedOn"] = JsonSerializer.SerializeToNode(evaluation.TrainedOn, OptionsFile.Json);
        if (run is not null)
            json["run"] = JsonSerializer.SerializeToNode(run, OptionsFile.Json);
        return json.ToJsonString(OptionsFile.Json) + "\n";
    }
}
