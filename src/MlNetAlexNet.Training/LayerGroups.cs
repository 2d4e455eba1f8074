using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Training;

/// <summary>Layers by the name of the last one: what keeps its weights, and what learns at a rate of its own.</summary>
internal static class LayerGroups
{
    /// <summary>The number of layers, from the first, that keep their weights; 0 where nothing is asked for.</summary>
    /// <param name="plan">The stack before normalizations are put in.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="isTrained">Whether the weights are not drawn.</param>
    /// <exception cref="AlexNetException">There is no such layer, or it would have no effect.</exception>
    public static int CountFrozen(LayerPlan plan, TrainingOptions options, bool isTrained)
    {
        const string option = nameof(TrainingOptions.FreezeUntil);
        if (options.FreezeUntil is not { } name)
            return 0;

        var count = CountUntil(plan, name, option);
        var why = !isTrained ? "the start draws its weights at random, which would never learn. Give a model to start from, or leave it out"
            : !plan.Take(count).Any(HasTrained) ? "no layer up to it has weights. Name a later one, or leave it out"
            : !plan.Skip(count).Any(HasTrained) ? "no layer behind it has weights, so nothing would be left to train. Name an earlier one"
            : null;
        return why is null ? count : throw Refused(option, $"{option} is '{name}', but {why}.");
    }

    /// <summary>The factors of the learning rate by layer; a layer not named has the whole rate.</summary>
    /// <param name="plan">The stack that is trained.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="frozen">Layers, from the first, that keep their weights.</param>
    /// <param name="isTrained">Whether the weights are not drawn.</param>
    /// <param name="newLayer">The layer that is new, or has new units, in weights that are not drawn; null for none.</param>
    /// <exception cref="AlexNetException">There is no such layer, or a factor would have no effect.</exception>
    public static IReadOnlyDictionary<string, double> ListRates(
        LayerPlan plan, TrainingOptions options, int frozen, bool isTrained, string? newLayer)
    {
        var rates = new Dictionary<string, double>();
        if (options.LayerRates is { } groups)
        {
            var start = frozen;
            foreach (var (name, rate, end) in groups
                .Select(group => (group.Key, group.Value, CountUntil(plan, group.Key, nameof(options.LayerRates))))
                .OrderBy(group => group.Item3))
            {
                if (!plan.Take(end).Skip(start).Any(HasTrained))
                {
                    throw Refused(nameof(options.LayerRates), $"{nameof(options.LayerRates)} names '{name}', but no layer with "
                        + "weights is trained between the one named before, or what is frozen, and it. Leave it out.");
                }

                Set(plan.Take(end).Skip(start), rate);
                start = end;
            }
        }

        if (options.InitialWeightsRate != 1)
        {
            var old = plan.Skip(frozen).TakeWhile(planned => planned.Name != newLayer).ToList();
            if (!isTrained || !old.Exists(HasTrained))
            {
                throw Refused(nameof(options.InitialWeightsRate), FormattableString.Invariant(
                    $"{nameof(options.InitialWeightsRate)} is {options.InitialWeightsRate}, but no layer that is trained has initial weights to go on from. ")
                    + "Leave it out, or give a model to start from.");
            }

            Set(old, options.InitialWeightsRate);
        }

        return rates;

        void Set(IEnumerable<PlannedLayer> layers, double rate)
        {
            foreach (var planned in layers)
                rates[planned.Name] = rate;
        }
    }

    /// <summary>Refuses a weight decay of what has no kernel that is trained.</summary>
    /// <exception cref="AlexNetException">There is one.</exception>
    public static void RequireDecayed(LayerPlan plan, TrainingOptions options, int frozen)
    {
        const string option = nameof(TrainingOptions.LayerDecays);
        string[] known = [.. plan.Skip(frozen).Where(planned => planned.Layer is WeightedLayer).Select(planned => planned.Name)];
        if ((options.LayerDecays ?? new Dictionary<string, double>()).Keys.FirstOrDefault(name => !known.Contains(name)) is { } other)
            throw Refused(option, $"{option} names '{other}', which is no layer with a kernel that is trained. Known: {string.Join(", ", known)}.");
    }

    // What follows a layer and has no weights of its own goes with it, and so does the normalization that folds into it;
    // dropout does not: it is drawn at every step.
    private static int CountUntil(LayerPlan plan, string name, string option)
    {
        var index = plan.TakeWhile(planned => planned.Name != name).Count();
        if (index == plan.Count)
        {
            throw Refused(
                option, $"{option} names '{name}', which is no layer of the stack. Known: {string.Join(", ", plan.Select(planned => planned.Name))}.");
        }

        var count = index + 1;
        while (count < plan.Count && (plan[count] is { Weights.Count: 0, Layer: not Dropout }
            || (count == index + 1 && plan[count].Layer is BatchNormalization)))
        {
            count++;
        }

        return count;
    }

    private static bool HasTrained(PlannedLayer planned) => planned.Weights.Any(weight => weight.IsTrainable);

    private static AlexNetException Refused(string option, string message) => new(message) { Option = option };
}
