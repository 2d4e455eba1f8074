using System.Text.RegularExpressions;
using static MlNetAlexNet.Formats.PyTorch.NamedTensor;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// The order of a network's modules: a state dict's own, or, in a file that is sorted by names, convolutions before dense
/// layers, each with its normalization, and then the numbers in their names.
/// </summary>
internal static partial class ModuleOrder
{
    /// <exception cref="AlexNetException">Two modules could be swapped without a fault; their tensors are named.</exception>
    public static IReadOnlyList<TorchModule> Sort(IReadOnlyList<TorchModule> modules, bool isInOrder)
    {
        if (isInOrder)
            return modules;

        var kinds = modules.Where(module => module.Kind is ModuleKind.Convolution or ModuleKind.Dense)
            .ToLookup(module => TorchModule.NameOf(module.Name), module => module.Kind);
        var ranked = modules.Select(module => (Module: module, Rank: Rank(module))).ToArray();
        foreach (var alike in ranked.GroupBy(one => (one.Module.Kind, Sides(First(one.Module).Dimensions))))
            RequireNoSwap([.. alike]);

        return
        [
            .. ranked.OrderBy(one => one.Rank ?? ModuleKind.Normalization)
                .ThenBy(one => Digits().Replace(one.Module.Name, number => number.Value.PadLeft(10, '0')), StringComparer.Ordinal)
                .Select(one => one.Module),
        ];

        // Normalization belongs to the layers beside it, if they are of one kind.
        ModuleKind? Rank(TorchModule module) =>
            module.Kind != ModuleKind.Normalization ? module.Kind
            : kinds[TorchModule.NameOf(module.Name)].Distinct().ToArray() is [var kind] ? kind : null;
    }

    // Of one kind and one shape. What stands in different parts of the network is no fault, if that is known of all.
    private static void RequireNoSwap((TorchModule Module, ModuleKind? Rank)[] alike)
    {
        var isKnown = Array.TrueForAll(alike, one => one.Rank is not null);
        foreach (var part in alike.GroupBy(one => isKnown ? one.Rank : null))
        {
            if (part.DistinctBy(one => Digits().Replace(one.Module.Name, "#")).ToArray() is [var (one, _), var (other, _), ..])
            {
                throw new AlexNetException(
                    $"its tensors {First(one)} and {First(other)} have the same shape, and a safetensors file keeps no order of "
                    + "layers. Save the state dict with torch.save.");
            }
        }
    }

    private static NamedTensor First(TorchModule module) => module.Tensors.MaxBy(tensor => tensor.Dimensions.Count)!;

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
