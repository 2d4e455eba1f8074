using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.ModelZips;

/// <summary>Makes a network out of another framework's file fit the graph that scores: its names and its end.</summary>
internal static class ModelFileNames
{
    /// <summary>What the graph that scores calls its own parts; no layer can be called so.</summary>
    public static readonly IReadOnlySet<string> Taken = new HashSet<string>
    {
        "Pixels", "crop", "channels_first", "to_float", "centred", "mean", "normalised", "standard_deviation", "top",
        OnnxColumns.Score, OnnxColumns.TopLabels, OnnxColumns.TopScores, OnnxColumns.BestLabel, OnnxColumns.ScoreSlotNames,
    };

    /// <summary>
    /// The network with such layers under new names and, where it ends in logits as PyTorch's do, whose loss has the
    /// softmax in it as in training here, with a softmax at the end.
    /// </summary>
    public static ImportedModel ForScoring(ImportedModel file)
    {
        var names = file.Plan.Select(layer => layer.Name).ToHashSet();
        var newNames = names.Where(Taken.Contains).ToArray().ToDictionary(name => name, NewName);
        var addsSoftmax = file.Plan[^1].Layer is Dense { Activation: Activation.Linear };
        if (newNames.Count == 0 && !addsSoftmax)
            return file;

        var plan = file.Plan.Rewrite(planned =>
        {
            var layer = addsSoftmax && planned == file.Plan[^1] && planned.Layer is Dense last
                ? last with { Activation = Activation.Softmax }
                : planned.Layer;
            return layer with { Name = newNames.GetValueOrDefault(planned.Name, planned.Name) };
        });
        var weights = plan.Weights.Zip(file.Plan.Weights, (own, old) => KeyValuePair.Create(own.Key, file.Weights[old.Key]));
        IEnumerable<string> assumed = addsSoftmax ? ["a softmax over what the last layer gives"] : [];
        return new ImportedModel(plan, new WeightSet(weights), file.Ignored) { Assumed = [.. file.Assumed, .. assumed] };

        string NewName(string name)
        {
            for (var number = 1; ; number++)
            {
                if (names.Add($"{name}_{number}"))
                    return $"{name}_{number}";
            }
        }
    }
}
