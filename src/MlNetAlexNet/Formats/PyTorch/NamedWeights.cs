using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>Files of tensors that go by the names of PyTorch's modules.</summary>
internal static class NamedWeights
{
    /// <summary>Writes the weights of a stack; the file is whole or not there.</summary>
    /// <param name="plan">The stack.</param>
    /// <param name="weights">Exactly its weights.</param>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes tensors in the order of the stack.</param>
    /// <exception cref="AlexNetException">The weights do not fit, or the place cannot be written to.</exception>
    public static void Write(
        LayerPlan plan,
        WeightSet weights,
        string path,
        Action<Stream, IReadOnlyList<WrittenTensor>> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(weights);
        weights.RequireFit(plan);
        var names = StateDictFit.NameModules(plan);
        WholeFile.Write(path, stream => write(stream, [.. plan
            .Where(layer => layer.Weights.Count > 0)
            .SelectMany(layer => List(layer, names[layer.Name], weights))]));
    }

    private static IEnumerable<WrittenTensor> List(PlannedLayer layer, string module, WeightSet weights) =>
        layer.Layer is BatchNormalization ? ListNormalization(layer, module, weights)
        : layer.Weights.Select(weight => WrittenTensor.Of(Name(module, weight.Name), weights[layer.GetWeightName(weight)]));

    // BatchNorm2d has all of them, in this order (torch/nn/modules/batchnorm.py); what ours is without is 1 and 0.
    private static IEnumerable<WrittenTensor> ListNormalization(PlannedLayer layer, string module, WeightSet weights)
    {
        int[] sides = [layer.Output.Channels];
        foreach (var (part, standard) in (IEnumerable<(string, float)>)
            [("gamma", 1), ("beta", 0), ("moving_mean", 0), ("moving_variance", 1)])
        {
            var values = new float[sides[0]];
            Array.Fill(values, standard);
            yield return WrittenTensor.Of(
                Name(module, part), weights.GetValueOrDefault($"{layer.Name}/{part}") ?? new Weight(sides, values));
        }

        yield return new($"{module}.num_batches_tracked", [], NumberFormat.Int64, new byte[sizeof(long)]);
    }

    private static string Name(string module, string weight) => $"{module}.{TorchModule.Translate(weight)}";
}

/// <summary>A tensor on its way into a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dimensions">Its sides.</param>
/// <param name="Format">How its numbers are kept.</param>
/// <param name="Bytes">They.</param>
internal sealed record WrittenTensor(
    string Name, IReadOnlyList<int> Dimensions, NumberFormat Format, ReadOnlyMemory<byte> Bytes)
{
    public static WrittenTensor Of(string name, Weight weight) =>
        new(name, weight.Dimensions, NumberFormat.Float32, new FloatBytes(weight.Values).Memory);
}
