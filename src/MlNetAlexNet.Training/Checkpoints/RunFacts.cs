using System.Text.Json.Nodes;

namespace MlNetAlexNet.Training.Checkpoints;

/// <summary>What a run is of; another of any of it is another run.</summary>
/// <param name="Options">Of the run, as they are written.</param>
/// <param name="Classes">In order.</param>
/// <param name="Inputs">
/// What the result depends on beside them, each with what tells it from another: pictures by part and class, the network, and what
/// computes it.
/// </param>
/// <param name="ReplacesRun">Whether the folder still holds an earlier run, which stays until this one has a model.</param>
internal sealed record RunFacts(
    JsonNode Options, IReadOnlyList<string> Classes, IReadOnlyDictionary<string, string> Inputs, bool ReplacesRun)
{
    // Where the inputs lie; what they are is compared by itself.
    private static readonly HashSet<string> s_places =
        ["data", "unlabelled", "start.stack", "start.initialWeights", "training.teacher.model"];

    /// <summary>What differs, each in words.</summary>
    public IEnumerable<string> ListDifferences(RunFacts now) => [.. DifferInOptions(now.Options), .. DifferInInputs(now)];

    /// <summary>The options that differ, each in words, before any picture is read.</summary>
    public IEnumerable<string> DifferInOptions(JsonNode now)
    {
        var (before, after) = (Flatten(Options), Flatten(now));
        return
            from name in before.Keys.Union(after.Keys)
            where !s_places.Contains(name)
            let was = before.GetValueOrDefault(name, "none")
            let isNow = after.GetValueOrDefault(name, "none")
            where was != isNow
            select $"{name} was {was}, is {isNow}";
    }

    private IEnumerable<string> DifferInInputs(RunFacts now)
    {
        if (!Classes.SequenceEqual(now.Classes))
            yield return $"the classes were {string.Join(", ", Classes)}, are {string.Join(", ", now.Classes)}";

        foreach (var name in Inputs.Keys.Union(now.Inputs.Keys))
        {
            var (was, isNow) = (Inputs.GetValueOrDefault(name), now.Inputs.GetValueOrDefault(name));
            if (was != isNow)
                yield return $"{name}: {was ?? "none"} before, {isNow ?? "none"} now";
        }
    }

    private static Dictionary<string, string> Flatten(JsonNode options)
    {
        var values = new Dictionary<string, string>();
        Add("", options);
        return values;

        void Add(string path, JsonNode? node)
        {
            if (node is JsonObject parts)
            {
                foreach (var (name, part) in parts)
                    Add(path.Length == 0 ? name : $"{path}.{name}", part);
            }
            else if (node is not null)
            {
                values[path] = node.ToJsonString();
            }
        }
    }
}
