using System.Text.RegularExpressions;
using MlNetAlexNet.Layers;
using static MlNetAlexNet.Formats.PyTorch.NamedTensor;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// Takes the tensors of a state dict as the weights of a stack. PyTorch's order of dimensions is ours; what has to be
/// found is which tensor is which weight: by name where the names are known, else by the order of layers.
/// </summary>
internal static partial class StateDictFit
{
    /// <summary>A stack's weights by the names that PyTorch's modules would give them.</summary>
    public static IReadOnlyList<string> NamesOf(LayerPlan plan) => TorchvisionLayout.Fits(plan)
        ? TorchvisionLayout.Names
        : [.. plan.Weights.Select(weight => ModuleName(weight.Key))];

    /// <summary>Reads the weights.</summary>
    /// <param name="stateDict">The tensors.</param>
    /// <param name="stack">The stack, given its number of classes; null to make out torchvision's from the names.</param>
    /// <param name="fileBytes">Length of the file: tensors that share storage must not multiply in memory.</param>
    /// <exception cref="AlexNetException">Tensors are missing, superfluous or of other shapes; all are named.</exception>
    public static ModelFileContent Read(StateDict stateDict, Func<int, LayerPlan>? stack, long fileBytes)
    {
        RequireNoNormalization(stateDict);
        var assumed = new List<string>();
        if (stack is null || NamesIn(stateDict, stack(1)) is null)
            stateDict = stateDict.Unwrap();

        if (stack is null)
        {
            stack = TorchvisionLayout.Fits(stateDict)
                ? _ => TorchvisionLayout.Infer(stateDict)
                : throw new AlexNetException(
                    "its tensors are not named as torchvision's AlexNet names them, so the stack cannot be made out. "
                    + "Give the stack they belong to.");
            assumed.Add("torchvision's stack");
        }

        var plan = stack(Classes(stateDict, stack(1)));
        var known = NamesIn(stateDict, plan);
        if (known is null)
            assumed.Add($"the tensors in the order of {(stateDict.IsInOrder ? "the file" : "the numbers in their names")}");

        var pairs = known is null ? ByOrder(stateDict, plan) : ByName(stateDict, plan, known);
        if (pairs.Sum(pair => pair.Weight.Shape.Elements) > fileBytes)
            throw new AlexNetException("its tensors together have more values than the file has bytes.");

        return new ModelFileContent(
            plan,
            new WeightSet(pairs.Select(pair => KeyValuePair.Create(pair.Weight.Key, pair.Tensor.ToWeight()))),
            stateDict.Ignored)
        {
            Assumed = assumed,
        };
    }

    // The outputs of the last layer, which its kernel and its bias have first.
    private static int Classes(StateDict stateDict, LayerPlan plan)
    {
        var last = NamesIn(stateDict, plan) is { } names
            ? stateDict.Tensors.FirstOrDefault(tensor => tensor.Name == names[^1])
            : InOrder(stateDict) is [.., var final] ? final : null;
        return last is { Dimensions: [> 0 and var outputs, ..] } ? outputs : 1;
    }

    private static IReadOnlyList<NamedTensor> InOrder(StateDict stateDict) =>
        stateDict.IsInOrder ? stateDict.Tensors : Sorted(stateDict.Tensors);

    // dense_1/kernel -> dense_1.weight
    private static string ModuleName(string key) => key.EndsWith("/kernel", StringComparison.Ordinal)
        ? $"{key[..^"/kernel".Length]}.weight"
        : key.Replace('/', '.');

    private static IReadOnlyList<string>? NamesIn(StateDict stateDict, LayerPlan plan)
    {
        var present = stateDict.Tensors.Select(tensor => tensor.Name).ToHashSet();
        IReadOnlyList<string>[] namings = [NamesOf(plan), [.. plan.Weights.Select(weight => ModuleName(weight.Key))]];
        return Array.Find(namings, names => names.Any(present.Contains));
    }

    private static List<Pair> ByName(StateDict stateDict, LayerPlan plan, IReadOnlyList<string> names)
    {
        var byName = stateDict.Tensors.ToDictionary(tensor => tensor.Name);
        var wanted = plan.Weights.Zip(names).ToArray();
        var pairs = wanted.Where(want => byName.ContainsKey(want.Second))
            .Select(want => new Pair(want.First, byName[want.Second])).ToList();
        RequireAll(
            missing: wanted.Where(want => !byName.ContainsKey(want.Second))
                .Select(want => $"'{want.Second}' ({Sides(want.First.Shape.Dimensions)})"),
            superfluous: stateDict.Tensors.Where(tensor => !names.Contains(tensor.Name)));
        RequireShapes(pairs);
        return pairs;
    }

    private static List<Pair> ByOrder(StateDict stateDict, LayerPlan plan)
    {
        var tensors = InOrder(stateDict);
        var wanted = plan.Weights.ToArray();
        var pairs = wanted.Zip(tensors).Select(pair => new Pair(pair.First, pair.Second)).ToList();
        RequireShapes(pairs);
        RequireAll(
            missing: wanted.Skip(pairs.Count).Select(want => $"{want.Key} ({Sides(want.Shape.Dimensions)})"),
            superfluous: tensors.Skip(pairs.Count));
        return pairs;
    }

    // In a chain, convolutions come before dense layers, and a layer's kernel has more sides than its bias. Numbers in
    // names give the rest of the order; two tensors that could be swapped without a fault must differ in nothing else.
    private static NamedTensor[] Sorted(IReadOnlyList<NamedTensor> tensors)
    {
        var swappable = tensors.Where(tensor => tensor.Dimensions.Count > 1)
            .GroupBy(tensor => Sides(tensor.Dimensions))
            .FirstOrDefault(group => group.DistinctBy(tensor => Digits().Replace(tensor.Name, "#")).Count() > 1);
        if (swappable is not null)
        {
            throw new AlexNetException(
                $"its tensors {string.Join(" and ", swappable.Take(2))} have the same shape, and a safetensors file keeps "
                + "no order of layers. Save the state dict with torch.save.");
        }

        return
        [
            .. tensors.GroupBy(tensor => tensor.Name[..Math.Max(0, tensor.Name.LastIndexOf('.'))])
                .OrderByDescending(module => module.Max(tensor => tensor.Dimensions.Count))
                .ThenBy(
                    module => Digits().Replace(module.Key, number => number.Value.PadLeft(10, '0')), StringComparer.Ordinal)
                .SelectMany(module => module.OrderByDescending(tensor => tensor.Dimensions.Count)),
        ];
    }

    private static void RequireNoNormalization(StateDict stateDict)
    {
        if (stateDict.Tensors.FirstOrDefault(
            tensor => tensor.Name.EndsWith("running_mean", StringComparison.Ordinal)) is { } mean)
        {
            throw new AlexNetException(
                $"its '{mean.Name}' belongs to a batch normalization, whose epsilon a state dict does not tell. "
                + "Export the model with torch.onnx.export and read that.");
        }
    }

    private static void RequireShapes(List<Pair> pairs)
    {
        if (pairs.Find(pair => !pair.Tensor.Dimensions.SequenceEqual(pair.Weight.Shape.Dimensions)) is { } other)
        {
            throw new AlexNetException(
                $"its tensor '{other.Tensor.Name}' is {Sides(other.Tensor.Dimensions)}; the stack's {other.Weight.Key} is "
                + $"{Sides(other.Weight.Shape.Dimensions)}.");
        }
    }

    private static void RequireAll(IEnumerable<string> missing, IEnumerable<NamedTensor> superfluous)
    {
        string[] faults =
        [
            .. List("it lacks", missing),
            .. List("it holds what the stack does not have:", superfluous.Select(tensor => tensor.ToString())),
        ];
        if (faults.Length > 0)
            throw new AlexNetException($"{string.Join("; ", faults)}.");

        static IEnumerable<string> List(string what, IEnumerable<string> names)
        {
            var all = names.ToArray();
            if (all.Length > 0)
            {
                var more = all.Length > 5 ? $" and {all.Length - 5} more" : "";
                yield return $"{what} {string.Join(", ", all.Take(5))}{more}";
            }
        }
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    private sealed record Pair((string Key, WeightShape Shape) Weight, NamedTensor Tensor);
}
