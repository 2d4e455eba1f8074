using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Checkpoints;

/// <summary>What a run is of; another of any of it is another run.</summary>
/// <param name="Options">Of the run.</param>
/// <param name="Classes">In order.</param>
/// <param name="Inputs">
/// What was read, each with what tells it from another: pictures by part and class, the weights and the stack it starts from.
/// </param>
internal sealed record RunFacts(
    RunOptions Options, IReadOnlyList<string> Classes, IReadOnlyDictionary<string, string> Inputs)
{
    // Where the inputs lie; what they are is compared by itself.
    private static readonly HashSet<string> s_places =
        ["data", "unlabelled", "start.stack", "start.initialWeights", "training.teacher.model"];

    /// <summary>What differs, each in words.</summary>
    public IEnumerable<string> ListDifferences(RunFacts now) => [.. DifferInOptions(now.Options), .. DifferInPictures(now)];

    /// <summary>The options that differ, each in words, before any picture is read.</summary>
    public IEnumerable<string> DifferInOptions(RunOptions now)
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

    private IEnumerable<string> DifferInPictures(RunFacts now)
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

    private static Dictionary<string, string> Flatten(RunOptions options)
    {
        var values = new Dictionary<string, string>();
        Add("", JsonSerializer.SerializeToNode(options, OptionsFile.Json));
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
                values[path] = node.ToJsonString(OptionsFile.Json);
            }
        }
    }
}
