using MlNetAlexNet.Formats.Keras;

namespace MlNetAlexNet.Formats.TensorFlowJs;

/// <summary>The variables in the shards of a model.</summary>
internal sealed class TensorFlowJsVariables : IKerasVariables, IDisposable
{
    private readonly Dictionary<string, (TensorFlowJsWeight Weight, TensorFlowJsShards Shards, long Start)> _weights =
        [];
    private readonly HashSet<string> _unread;
    private readonly List<TensorFlowJsShards> _shards = [];

    /// <summary>Opens the shards and holds their length against their weights.</summary>
    /// <exception cref="AlexNetException">A shard is short or too long, or two weights have one name.</exception>
    public TensorFlowJsVariables(IReadOnlyList<TensorFlowJsGroup> groups)
    {
        try
        {
            foreach (var group in groups)
                Add(group);
        }
        catch
        {
            Dispose();
            throw;
        }

        _unread = [.. _weights.Keys];
    }

    /// <summary>Names of the weights that nobody asked for.</summary>
    public IEnumerable<string> Unread => _unread;

    public IReadOnlyList<int>? Dimensions(KerasVariable variable) =>
        NameOf(variable) is { } name ? _weights[name].Weight.Dimensions : null;

    public void Read(KerasVariable variable, int firstRow, float[] block)
    {
        var name = NameOf(variable)!;
        _unread.Remove(name);
        var (weight, shards, start) = _weights[name];
        start += (long)firstRow * variable.Layout.Third * weight.Width;
        weight.Decode(block, bytes => shards.Read(start, bytes));
    }

    public void Dispose()
    {
        foreach (var shards in _shards)
            shards.Dispose();
    }

    private void Add(TensorFlowJsGroup group)
    {
        var shards = new TensorFlowJsShards(group.Shards);
        _shards.Add(shards);
        var start = 0L;
        foreach (var weight in group.Weights)
        {
            if (!_weights.TryAdd(weight.Name, (weight, shards, start)))
                throw new AlexNetException($"The model has two weights called '{weight.Name}'.");
            start += weight.Bytes;
        }

        if (start != shards.Length)
        {
            throw new AlexNetException(
                $"The {group.Shards.Count} shards from '{group.Shards[0]}' on hold {shards.Length} bytes; " +
                $"their weights need {start}. One is cut short or of another model.");
        }
    }

    // As TensorFlow.js names it, or with what converters and models around the layer put before that: then the one name
    // that has most of it.
    private string? NameOf(KerasVariable variable)
    {
        var name = variable.ToString();
        if (variable.Place.Models.Count == 0 && _weights.ContainsKey(name))
            return name;

        var candidates = _weights.Keys.Where(key => EndsIn(key, name)).ToArray();
        foreach (var model in variable.Place.Models.Reverse())
        {
            name = $"{model}/{name}";
            if (candidates.Where(key => EndsIn(key, name)).ToArray() is { Length: > 0 } fewer)
                candidates = fewer;
        }

        return candidates is [var only] ? only : null;
    }

    private static bool EndsIn(string key, string name) =>
        $"/{key.Split(':')[0]}".EndsWith($"/{name}", StringComparison.Ordinal);
}
