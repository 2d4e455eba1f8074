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
        Action<Stream, IReadOnlyList<(string Name, Weight Weight)>> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(weights);
        weights.RequireFit(plan);
        var names = StateDictFit.NamesOf(plan);
        WholeFile.Write(path, stream =>
            write(stream, [.. names.Zip(plan.Weights, (name, weight) => (name, weights[weight.Key]))]));
    }
}
