using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Runs;

/// <summary>
/// <c>options.json</c> as it was written before: <c>preset</c> and <c>initialBias</c> among <c>training</c>,
/// <c>stack</c> and <c>initialWeights</c> beside it in place of <see cref="RunOptions.Start"/>; a yes or no
/// <c>augment</c> in place of <see cref="TrainingOptions.Augmentation"/>; <c>initialCropSize</c> in pixels in place of
/// <see cref="TrainingOptions.InitialCropShare"/>.
/// </summary>
internal static class EarlierOptions
{
    /// <summary>The text as it would be written now; one that is, or that is none of options, as it is.</summary>
    /// <exception cref="JsonException">It is not JSON, or has a member twice.</exception>
    public static string Update(string text)
    {
        var json = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        if (json is not JsonObject run)
            return text;

        var training = run["training"] as JsonObject ?? [];
        var isChanged = ReplaceAugment(training);
        if (!run.ContainsKey("start"))
            isChanged |= AddStart(run, training);
        isChanged |= ReplaceCropSize(training, run["start"] as JsonObject ?? []);
        return isChanged ? run.ToJsonString() : text;
    }

    private static bool ReplaceAugment(JsonObject training)
    {
        if (!training.Remove("augment", out var augment))
            return false;

        if (augment?.GetValueKind() == JsonValueKind.False)
            training["augmentation"] = JsonSerializer.SerializeToNode(Augmentation.None, OptionsFile.Json);
        return true;
    }

    // Of another start the stack's side is not known here, and the option is refused by name.
    private static bool ReplaceCropSize(JsonObject training, JsonObject start)
    {
        if (training.TryGetPropertyValue("initialCropSize", out var size) && size is null)
            return training.Remove("initialCropSize");

        if (start["stack"] is not null || start["initialWeights"] is not null
            || AlexNet.FindPreset(start["preset"]?.ToString() ?? AlexNet.DefaultPreset) is not { } preset
            || !training.Remove("initialCropSize"))
        {
            return false;
        }

        if (size?.GetValueKind() == JsonValueKind.Number)
            training["initialCropShare"] = size.GetValue<double>() / preset.Network(2, 0).Plan().Input.Height;
        return true;
    }

    private static bool AddStart(JsonObject run, JsonObject training)
    {
        var start = new JsonObject();
        Move(training, "preset");
        Move(training, "initialBias");
        Move(run, "stack");
        Move(run, "initialWeights");
        if (start.Count == 0)
            return false;

        ForgetIgnored(start, training);
        run["start"] = start;
        return true;

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
        if (isStack || AlexNet.DefaultPreset.Equals(start["preset"]?.ToString(), StringComparison.OrdinalIgnoreCase))
            start.Remove("preset");
        if (!isModel || training["dropout"]?.ToString() == "0.5") // the default, which was always written
            training.Remove("dropout");
    }
}
