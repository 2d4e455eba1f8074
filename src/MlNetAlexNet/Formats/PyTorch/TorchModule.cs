using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>What a module is, as far as its tensors tell.</summary>
internal enum ModuleKind
{
    /// <summary>Something else than these.</summary>
    Other,

    /// <summary>A kernel of four sides: <c>Conv2d</c>.</summary>
    Convolution,

    /// <summary>A kernel of two: <c>Linear</c>.</summary>
    Dense,

    /// <summary>A running mean and variance: <c>BatchNorm2d</c>, <c>BatchNorm1d</c>.</summary>
    Normalization,
}

/// <summary>A module with weights in a state dict: tensors with the same name before the last dot.</summary>
/// <param name="Name">That name, such as <c>features.0</c>.</param>
/// <param name="Tensors">Its tensors.</param>
internal sealed record TorchModule(string Name, IReadOnlyList<NamedTensor> Tensors)
{
    // Our names of weights, and PyTorch's.
    private static readonly Dictionary<string, string> s_parts = new()
    {
        ["kernel"] = "weight",
        ["bias"] = "bias",
        ["gamma"] = "weight",
        ["beta"] = "bias",
        ["moving_mean"] = "running_mean",
        ["moving_variance"] = "running_var",
    };

    private bool IsNormalization => Find("moving_mean") is not null && Find("moving_variance") is not null
        && Tensors.All(tensor => s_parts.ContainsValue(PartOf(tensor.Name)));

    public ModuleKind Kind =>
        IsNormalization ? ModuleKind.Normalization
        : Tensors.Count > 2 || Tensors.Count(tensor => tensor.Dimensions.Count > 1) != 1 || !CanBeBias(Find("bias")) ? ModuleKind.Other
        : Find("kernel")?.Dimensions.Count switch
        {
            4 => ModuleKind.Convolution,
            2 => ModuleKind.Dense,
            _ => ModuleKind.Other,
        };

    /// <summary>The number at the end of its name, and the name before it; null for a name that ends otherwise.</summary>
    public (string Parent, int Number)? Place =>
        int.TryParse(PartOf(Name), out var number) ? (NameOf(Name), number) : null;

    /// <summary>The name before the last dot; empty if there is none.</summary>
    public static string NameOf(string tensor) => tensor[..Math.Max(0, tensor.LastIndexOf('.'))];

    /// <summary>The name after the last dot.</summary>
    public static string PartOf(string tensor) => tensor[(tensor.LastIndexOf('.') + 1)..];

    /// <summary>What a weight of a layer is called in PyTorch: <c>weight</c> for <c>kernel</c>.</summary>
    public static string Translate(string weight) => s_parts[weight];

    /// <summary>The kind of module that a layer is; null for one without weights.</summary>
    public static ModuleKind? KindOf(Layer layer) => layer switch
    {
        Conv2D => ModuleKind.Convolution,
        Dense => ModuleKind.Dense,
        BatchNormalization => ModuleKind.Normalization,
        _ => null,
    };

    /// <summary>The tensor that is that weight; null if there is none. A kernel and a bias are known by their sides.</summary>
    public NamedTensor? Find(string weight) => weight switch
    {
        "kernel" => Tensors.FirstOrDefault(tensor => tensor.Dimensions.Count > 1),
        "bias" => Tensors.FirstOrDefault(tensor => tensor.Dimensions.Count == 1),
        _ => Tensors.FirstOrDefault(tensor => PartOf(tensor.Name) == s_parts[weight]),
    };

    /// <summary>Whether the layer's weights are of the same sides as this module's.</summary>
    public bool Fits(PlannedLayer layer) => KindOf(layer.Layer) == Kind && (Kind == ModuleKind.Normalization
        ? Tensors.All(tensor => tensor.Dimensions.SequenceEqual([layer.Output.Channels]))
        : Tensors.Count == layer.Weights.Count && layer.Weights.All(weight =>
            Find(weight.Name)?.Dimensions.SequenceEqual(weight.Dimensions) ?? false));

    // Not a scale or a mask. Without modules, or with numbers for names, a vector behind a kernel is its bias.
    private static bool CanBeBias(NamedTensor? vector) => vector is null || NameOf(vector.Name).Length == 0
        || PartOf(vector.Name) is "bias" or "biases" or "b" || int.TryParse(PartOf(vector.Name), out _);

    public override string ToString() => $"'{Name}'";
}
