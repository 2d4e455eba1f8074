using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Runs;

/// <summary>
/// <c>options.json</c> as it was written before <see cref="RunOptions.Start"/>: <c>preset</c> and <c>initialBias</c>
/// among <c>training</c>, <c>stack</c> and <c>initialWeights</c> beside it.
/// </summary>
internal static class EarlierOptions
{
    /// <summary>The text as it would be written now; one that is of now, or that is none at all, as it is.</summary>
    /// <exception cref="JsonException">It is not JSON, or has a member twice.</exception>
    public static string Update(string text)
    {
        var json = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        if (json is not JsonObject run || run.ContainsKey("start"))
            return text;

        var training = run["training"] as JsonObject ?? [];
        var start = new JsonObject();
        Move(training, "preset");
        Move(training, "initialBias");
        Move(run, "stack");
        Move(run, "initialWeights");
        if (start.Count == 0)
            return text;

        ForgetIgnored(start, training);
        run["start"] = start;
        return run.ToJsonString();

        void Move(JsonObject from, string name)
        {
            if (from.ContainsKey(name))
            {
                var value = from[name];
                from.Remove(name);
                start[name] = value;
            }
        }
    }

    // A preset was always there, and ignored beside a stack or a model; so were the bias, and the dropout of a stack.
    private static void ForgetIgnored(JsonObject start, JsonObject training)
    {
        var (isStack, isModel) = (start["stack"] is not null, start["initialWeights"] is not null);
        if (!isStack && !isModel)
            return;

        start.Remove("initialBias");
        if (isStack || start["preset"]?.ToString() == AlexNet.DefaultPreset)
            start.Remove("preset");
        if (isStack && !isModel)
            training.Remove("dropout");
    }
}
