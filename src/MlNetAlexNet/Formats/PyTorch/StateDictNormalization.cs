using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// Batch normalization that a state dict has and the stack that is given has not: it is put where the file has it. The
/// numbers in PyTorch's <c>Sequential</c> count modules without weights, too: <c>features.4</c> and <c>features.6</c>
/// have one between them, the activation.
/// </summary>
internal static class StateDictNormalization
{
    /// <summary>What is said of it.</summary>
    public const string Assumption =
        "batch normalization where the file has it, before the activation unless numbers in names say otherwise, with an epsilon of 1e-5";

    /// <summary>A module as a layer: epsilon and momentum are PyTorch's defaults, which its tensors do not tell.</summary>
    public static BatchNormalization Layer(TorchModule module) => new(
        momentum: 0.9, epsilon: 1e-5, center: module.Find("beta") is not null, scale: module.Find("gamma") is not null);

    /// <summary>The stack with the modules' normalization, and without the biases that they lack.</summary>
    /// <param name="plan">A stack without batch normalization.</param>
    /// <param name="modules">In order.</param>
    /// <exception cref="AlexNetException">It cannot be told where a module belongs; it is named.</exception>
    public static LayerPlan Insert(LayerPlan plan, IReadOnlyList<TorchModule> modules)
    {
        var products = plan.Where(layer => layer.Layer is WeightedLayer).ToArray();
        var behind = new Dictionary<string, BatchNormalization>();
        var linear = new HashSet<string>();
        var withoutBias = new HashSet<string>();
        var count = 0;
        TorchModule? before = null;
        foreach (var module in modules)
        {
            if (module.Kind != ModuleKind.Normalization)
            {
                before = module;
                if (count < products.Length && module.Find("bias") is null)
                    withoutBias.Add(products[count].Name);
                count++;
                continue;
            }

            if (before is null || count > products.Length)
                throw Unplaced(module);

            var steps = Distance(before, module);
            var layer = products[count - 1];
            if (layer.Layer is WeightedLayer { Activation: not Activation.Linear })
            {
                if (steps == 1)
                    linear.Add(layer.Name);
                else
                    steps--; // the activation is a part of the layer
            }

            var at = plan.ToList().IndexOf(layer) + steps - 1;
            if (at >= plan.Count || plan.Skip(plan.ToList().IndexOf(layer) + 1).Take(steps - 1).Any(next => next.Layer is WeightedLayer)
                || !behind.TryAdd(plan[at].Name, Layer(module)))
            {
                throw Unplaced(module);
            }
        }

        return plan.Rewrite(planned => Rewrite(
            planned, behind.GetValueOrDefault(planned.Name), linear.Contains(planned.Name), withoutBias.Contains(planned.Name)));
    }

    private static IEnumerable<Layer> Rewrite(
        PlannedLayer planned, BatchNormalization? normalization, bool isLinear, bool isWithoutBias)
    {
        var activation = planned.Layer is WeightedLayer { Activation: var own } ? own : Activation.Linear;
        yield return planned.Layer is WeightedLayer products
            ? products with { UseBias = !isWithoutBias, Activation = isLinear ? Activation.Linear : activation }
            : planned.Layer;
        if (normalization is not null)
            yield return normalization;
        if (isLinear)
            yield return new ActivationLayer(activation);
    }

    private static int Distance(TorchModule before, TorchModule module) =>
        before.Place is { } first && module.Place is { } second && first.Parent == second.Parent && second.Number > first.Number
            ? second.Number - first.Number
            : 1;

    private static AlexNetException Unplaced(TorchModule module) => new(
        $"its batch normalization {module} does not follow one layer of the stack each, which has none of its own. Give a stack that has it.");
}
