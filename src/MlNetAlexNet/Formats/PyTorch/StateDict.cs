using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>One tensor of a file.</summary>
/// <param name="Name">Its name in the file, such as <c>features.0.weight</c>.</param>
/// <param name="Dimensions">Its sides.</param>
/// <param name="Load">Reads its values.</param>
internal sealed record NamedTensor(string Name, IReadOnlyList<int> Dimensions, Func<float[]> Load)
{
    public override string ToString() => $"'{Name}' ({Sides(Dimensions)})";

    public static string Sides(IReadOnlyList<int> dimensions) => string.Join(" x ", dimensions);

    public Weight ToWeight()
    {
        try
        {
            return new Weight(Dimensions, Load());
        }
        catch (AlexNetException fault)
        {
            throw new AlexNetException($"its tensor '{Name}' is not read: {fault.Message}", fault);
        }
    }
}

/// <summary>The named tensors of a module, as PyTorch's <c>state_dict()</c> gives them.</summary>
/// <param name="Tensors">In the order of the file.</param>
/// <param name="Ignored">What the file holds beside them.</param>
/// <param name="IsInOrder">
/// True where the file keeps the order in which the module defines its layers; safetensors sorts by name.
/// </param>
internal sealed record StateDict(IReadOnlyList<NamedTensor> Tensors, IReadOnlyList<string> Ignored, bool IsInOrder)
{
    // What wrappers put before every name: DataParallel, torch.compile, PyTorch Lightning.
    private static readonly string[] s_prefixes = ["module.", "_orig_mod.", "model."];

    /// <summary>The same without the names of wrapping modules.</summary>
    public StateDict Unwrap() =>
        Array.Find(s_prefixes, prefix => Tensors.Count > 0 && Tensors.All(HasPrefix(prefix))) is { } prefix
            ? (this with { Tensors = [.. Tensors.Select(tensor => tensor with { Name = tensor.Name[prefix.Length..] })] })
                .Unwrap()
            : this;

    private static Func<NamedTensor, bool> HasPrefix(string prefix) =>
        tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal);
}
