using MlNetAlexNet.Layers;
using static MlNetAlexNet.Formats.PyTorch.NamedTensor;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// Takes the tensors of a state dict as the weights of a stack. PyTorch's order of dimensions is ours; what has to be
/// found is which module is which layer: by name where the names are known, else by kind, shape and order.
/// </summary>
internal static class StateDictFit
{
    /// <summary>The names that PyTorch's modules would have, by those of a stack's layers with weights.</summary>
    public static IReadOnlyDictionary<string, string> NameModules(LayerPlan plan) =>
        TorchvisionLayout.NameModules(plan) ?? NamesOfOurOwn(plan);

    /// <summary>Reads the weights.</summary>
    /// <param name="stateDict">The tensors.</param>
    /// <param name="stack">The stack, given its number of classes; null to make out torchvision's from the names.</param>
    /// <param name="fileBytes">Length of the file: tensors that share storage must not multiply in memory.</param>
    /// <exception cref="AlexNetException">Tensors are missing, superfluous or of other shapes; all are named.</exception>
    public static ModelFileContent Read(StateDict stateDict, Func<int, LayerPlan>? stack, long fileBytes)
    {
        var modules = stateDict.ListModules();
        var assumed = new List<string>();
        var plan = stack is null
            ? TorchvisionLayout.Infer(modules) ?? throw new AlexNetException(
                "its tensors are not named as torchvision's AlexNet names them, so the stack cannot be made out. "
                + "Give the stack they belong to.")
            : stack(Classes(stateDict, modules, stack(1)));
        var hasNormalization = modules.Any(module => module.Kind == ModuleKind.Normalization);
        if (stack is null)
            assumed.Add($"torchvision's stack{(hasNormalization ? ", batch normalization with an epsilon of 1e-5" : "")}");
        else if (hasNormalization && !plan.Any(layer => layer.Layer is BatchNormalization))
        {
            plan = StateDictNormalization.Insert(plan, ModuleOrder.Sort(modules, stateDict.IsInOrder));
            assumed.Add(StateDictNormalization.Assumption);
        }

        var pairs = Pair(stateDict, modules, WithLogits(plan), assumed);
        return ToContent(WithLogits(plan), pairs, fileBytes, stateDict.Ignored, assumed);
    }

    // A softmax over one value is always 1; PyTorch's networks give what goes into the loss.
    private static LayerPlan WithLogits(LayerPlan plan) =>
        plan[^1].Layer is Dense { Units: 1, Activation: Activation.Softmax }
            ? plan.Rewrite(layer => layer == plan[^1] && layer.Layer is Dense last ? last with { Activation = Activation.Linear } : layer.Layer)
            : plan;

    private static ModelFileContent ToContent(
        LayerPlan plan, IReadOnlyList<ModulePair> pairs, long fileBytes, IReadOnlyList<string> ignored, List<string> assumed)
    {
        var tensors = pairs.SelectMany(pair => pair.Module.Tensors).ToArray();
        if (tensors.Sum(tensor => tensor.Dimensions.Aggregate(1L, (product, side) => product * side)) > fileBytes)
            throw new AlexNetException("its tensors together have more values than the file has bytes.");

        if (tensors.Any(tensor => tensor.Format == NumberFormat.Float64))
            assumed.Add(NumberFormat.Rounding);
        return new ModelFileContent(plan, new WeightSet(pairs.SelectMany(pair => pair.LoadWeights())), ignored)
        {
            Assumed = assumed,
        };
    }

    private static Dictionary<string, string> NamesOfOurOwn(LayerPlan plan) =>
        plan.Where(layer => layer.Weights.Count > 0).ToDictionary(layer => layer.Name, layer => layer.Name);

    // The outputs of the last layer, which its kernel and its bias have first.
    private static int Classes(StateDict stateDict, IReadOnlyList<TorchModule> modules, LayerPlan plan)
    {
        var last = plan.LastOrDefault(layer => layer.Layer is WeightedLayer);
        var named = FindByName(modules, plan) is { } names && last is not null ? names.GetValueOrDefault(last.Name) : null;
        var module = named ?? ModuleOrder.Sort(modules, stateDict.IsInOrder)
            .LastOrDefault(module => module.Kind is ModuleKind.Dense or ModuleKind.Convolution);
        return module?.Find("kernel") is { Dimensions: [> 0 and var outputs, ..] } ? outputs : 1;
    }

    private static List<ModulePair> Pair(
        StateDict stateDict, IReadOnlyList<TorchModule> modules, LayerPlan plan, List<string> assumed)
    {
        var layers = plan.Where(layer => layer.Weights.Count > 0).ToArray();
        var byName = FindByName(modules, plan);
        if (byName is not null && byName.Count == layers.Length && byName.Count == modules.Count)
        {
            var named = layers.Select(layer => new ModulePair(layer, byName[layer.Name])).ToList();
            return named.TrueForAll(pair => pair.FindMismatch() is null && !pair.ListMissing().Any() && !pair.ListSuperfluous().Any())
                ? named
                : throw Unnamed(layers, modules, byName, NameModules(plan));
        }

        var sorted = ModuleOrder.Sort(modules, stateDict.IsInOrder);
        var pairs = PairByShape(layers, sorted);
        if (pairs.Count < layers.Length || pairs.Count < sorted.Count)
            throw byName is null ? Unpaired(layers, sorted, pairs) : Unnamed(layers, modules, byName, NameModules(plan));

        assumed.Add($"the tensors in the order of {(stateDict.IsInOrder ? "the file" : "the numbers in their names")}");
        return pairs;
    }

    // Module by layer, in one of the namings that are known; null if none of the names is there.
    private static Dictionary<string, TorchModule>? FindByName(IReadOnlyList<TorchModule> modules, LayerPlan plan)
    {
        foreach (var names in (IEnumerable<IReadOnlyDictionary<string, string>>)[NameModules(plan), NamesOfOurOwn(plan)])
        {
            var found = ModuleNames.Find(modules, names);
            if (found.Count > 0)
                return found;
        }

        return null;
    }

    // Those of one kind and one shape in their order.
    private static List<ModulePair> PairByShape(IEnumerable<PlannedLayer> layers, IEnumerable<TorchModule> sorted)
    {
        var left = sorted.ToList();
        var pairs = new List<ModulePair>();
        foreach (var layer in layers)
        {
            if (left.Find(module => module.Fits(layer)) is { } module)
            {
                left.Remove(module);
                pairs.Add(new(layer, module));
            }
        }

        return pairs;
    }

    // By order: those of a kind that are left over on both sides are told of together.
    private static AlexNetException Unpaired(
        IReadOnlyList<PlannedLayer> layers, IReadOnlyList<TorchModule> modules, IReadOnlyList<ModulePair> pairs)
    {
        var layersLeft = layers.Except(pairs.Select(pair => pair.Layer)).ToArray();
        var modulesLeft = modules.Except(pairs.Select(pair => pair.Module)).ToArray();
        var alike = layersLeft.GroupBy(layer => TorchModule.KindOf(layer.Layer)).SelectMany(kind => kind
            .Zip(modulesLeft.Where(module => module.Kind == kind.Key), (layer, module) => new ModulePair(layer, module)));
        return Unfit(layersLeft, modulesLeft, [.. alike], (layer, weight) => layer.GetWeightName(weight));
    }

    private static AlexNetException Unnamed(
        IReadOnlyList<PlannedLayer> layers,
        IReadOnlyList<TorchModule> modules,
        Dictionary<string, TorchModule> byName,
        IReadOnlyDictionary<string, string> names) => Unfit(
            layers,
            modules,
            [.. layers.Where(layer => byName.ContainsKey(layer.Name)).Select(layer => new ModulePair(layer, byName[layer.Name]))],
            (layer, weight) => $"'{names[layer.Name]}.{TorchModule.Translate(weight.Name)}'");

    // The first tensor of other sides, or all that is missing or too many.
    private static AlexNetException Unfit(
        IEnumerable<PlannedLayer> layers,
        IEnumerable<TorchModule> modules,
        ModulePair[] pairs,
        Func<PlannedLayer, WeightShape, string> nameOf)
    {
        var byLayer = pairs.ToDictionary(pair => pair.Layer);
        var byModule = pairs.ToDictionary(pair => pair.Module);
        return pairs.Select(pair => pair.FindMismatch()).FirstOrDefault(fault => fault is not null) is { } mismatch
            ? new AlexNetException(mismatch)
            : Missing(
                from layer in layers
                from weight in byLayer.TryGetValue(layer, out var pair) ? pair.ListMissing() : layer.Weights
                select $"{nameOf(layer, weight)} ({Sides(weight.Dimensions)})",
                from module in modules
                from tensor in byModule.TryGetValue(module, out var pair) ? pair.ListSuperfluous() : module.Tensors
                select tensor);
    }

    private static AlexNetException Missing(IEnumerable<string> missing, IEnumerable<NamedTensor> superfluous)
    {
        IEnumerable<string> faults =
        [
            .. List("it lacks", missing),
            .. List("it holds what the stack does not have:", superfluous.Select(tensor => tensor.ToString())),
        ];
        return new AlexNetException($"{string.Join("; ", faults)}.");

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
}
