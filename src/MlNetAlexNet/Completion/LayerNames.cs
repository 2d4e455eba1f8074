using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Completion;

/// <summary>Names for layers that are free.</summary>
internal static class LayerNames
{
    /// <summary>The network with new names for layers that are called as parts of the graph that scores.</summary>
    public static ModelFileContent Free(ModelFileContent file)
    {
        var taken = file.Plan.Where(layer => OnnxNames.Taken.Contains(layer.Name)).ToArray();
        if (taken.Length == 0)
            return file;

        var names = file.Plan.Select(layer => layer.Name).ToHashSet();
        var newNames = taken.ToDictionary(layer => layer.Name, layer => New(names, layer.Name));
        var plan = file.Plan.Rewrite(
            planned => planned.Layer with { Name = newNames.GetValueOrDefault(planned.Name, planned.Name) });
        var weights = plan.Weights.Zip(
            file.Plan.Weights, (own, old) => KeyValuePair.Create(own.Key, file.Weights[old.Key]));
        return file with { Plan = plan, Weights = new WeightSet(weights) };
    }

    /// <summary>A name that no layer of the stack has.</summary>
    public static string New(LayerPlan plan, string stem) => New(plan.Select(layer => layer.Name).ToHashSet(), stem);

    private static string New(HashSet<string> names, string stem)
    {
        for (var number = 1; ; number++)
        {
            if (names.Add($"{stem}_{number}"))
                return $"{stem}_{number}";
        }
    }
}
