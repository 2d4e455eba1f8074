using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>One tensor of a file.</summary>
/// <param name="Name">Its name in the file, such as <c>features.0.weight</c>.</param>
/// <param name="Dimensions">Its sides.</param>
/// <param name="Format">How its numbers are kept.</param>
/// <param name="Load">Reads its values.</param>
internal sealed record NamedTensor(
    string Name, IReadOnlyList<int> Dimensions, NumberFormat Format, Func<float[]> Load)
{
    public override string ToString() => $"'{Name}' ({Sides(Dimensions)})";

    public static string Sides(IReadOnlyList<int> dimensions) => string.Join(" x ", dimensions);

    /// <exception cref="AlexNetException">Its numbers are damaged, of another kind, or not finite; it is named.</exception>
    public Weight ToWeight()
    {
        try
        {
            var values = Load();
            FiniteNumbers.Require("it", values);
            return new Weight(Dimensions, values);
        }
        catch (AlexNetException fault)
        {
            throw new AlexNetException($"its tensor '{Name}' is not read: {fault.Message}", fault);
        }
    }
}

/// <summary>The named tensors of a network, as PyTorch's <c>state_dict()</c> gives them.</summary>
/// <param name="Tensors">In the order of the file.</param>
/// <param name="Ignored">What the file holds beside them.</param>
/// <param name="IsInOrder">
/// True where the file keeps the order in which the module defines its layers; safetensors sorts by name.
/// </param>
internal sealed record StateDict(IReadOnlyList<NamedTensor> Tensors, IReadOnlyList<string> Ignored, bool IsInOrder)
{
    // How many batches a BatchNorm2d has seen, of use for a momentum that changes (torch/nn/modules/batchnorm.py).
    private const string Batches = "num_batches_tracked";

    /// <summary>The modules, in the order of their first tensors.</summary>
    public IReadOnlyList<TorchModule> ListModules()
    {
        var modules = new List<(string Name, List<NamedTensor> Tensors)>();
        var byName = new Dictionary<string, int>();
        foreach (var tensor in Tensors.Where(tensor => TorchModule.PartOf(tensor.Name) != Batches))
        {
            var name = TorchModule.NameOf(tensor.Name);
            if (name.Length == 0 && tensor.Dimensions.Count < 2 && modules.Count > 0)
                modules[^1].Tensors.Add(tensor); // names without modules: what follows a kernel is its bias
            else if (name.Length > 0 && byName.TryGetValue(name, out var module))
                modules[module].Tensors.Add(tensor);
            else
            {
                byName[name] = modules.Count;
                modules.Add((name, [tensor]));
            }
        }

        return [.. modules.Select(module => new TorchModule(module.Name, module.Tensors))];
    }
}
