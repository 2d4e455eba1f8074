using System.Text.Json;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Formats;

namespace MlNetAlexNet.Training.Runs;

/// <summary><c>metrics.json</c> and <c>confusion.txt</c>: the test pictures as scored through the model zip.</summary>
internal static class MetricsFile
{
    public static void Write(Metrics metrics, RunFolder folder)
    {
        WholeFile.WriteText(folder.Metrics, JsonSerializer.Serialize(metrics, OptionsFile.Json) + "\n");
        WholeFile.WriteText(folder.Confusion, metrics.Confusion.ToString());
    }
}
