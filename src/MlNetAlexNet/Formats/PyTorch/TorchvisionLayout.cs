using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// The names of torchvision's AlexNet (torchvision/models/alexnet.py): modules are numbered within <c>features</c> and
/// <c>classifier</c>, those without weights included. Batch normalization anywhere between them counts, as in
/// torchvision's vgg11_bn.
/// </summary>
internal static class TorchvisionLayout
{
    // Convolution, ReLU, pooling; dropout, dense layer.
    private static readonly (string Name, string Modules)[] s_parts =
        [("features", "CRPCRPCRCRCRP"), ("classifier", "DLRDLRL")];

    /// <summary>Whether the stack is laid out so, whatever its widths.</summary>
    public static bool Fits(LayerPlan plan) => NameModules(plan) is not null;

    /// <summary>
    /// The names of the modules by those of the layers with weights; null for a stack that is laid out otherwise. Dropout
    /// and activations need not be there, and padding and the adaptive pooling may be in Keras' words.
    /// </summary>
    public static IReadOnlyDictionary<string, string>? NameModules(LayerPlan plan)
    {
        var names = new Dictionary<string, string>();
        var layers = new Queue<(char Kind, string Name)>(plan.SelectMany(ListKinds));
        foreach (var (part, modules) in s_parts)
        {
            var number = 0;
            foreach (var module in modules)
            {
                NameNormalization();
                if (module is 'R' or 'D')
                {
                    if (layers.TryPeek(out var next) && next.Kind == module)
                        layers.Dequeue();
                }
                else if (!layers.TryDequeue(out var layer) || layer.Kind != module)
                {
                    return null;
                }
                else if (module != 'P')
                {
                    names[layer.Name] = $"{part}.{number}";
                }

                number++;
            }

            NameNormalization();
            if (part == s_parts[0].Name && !(Takes('A') && Takes('F')))
                return null;

            void NameNormalization()
            {
                for (; layers.TryPeek(out var next) && next.Kind == 'B'; number++)
                    names[layers.Dequeue().Name] = $"{part}.{number}";
            }
        }

        return layers.Count == 0 ? names : null;

        bool Takes(char kind) => layers.TryDequeue(out var layer) && layer.Kind == kind;
    }

    /// <summary>
    /// torchvision's stack with the widths and the batch normalization of those modules, whatever stands before their
    /// names; dropout may be left out. Null if they are not exactly those of such a network.
    /// </summary>
    public static LayerPlan? Infer(IReadOnlyList<TorchModule> modules)
    {
        var byPlace = new Dictionary<(string Part, int Number), TorchModule>();
        foreach (var module in modules)
        {
            if (PlaceOf(module) is not { } place || !byPlace.TryAdd(place, module))
                return null;
        }

        var preset = AlexNet.Torchvision(classes: 1).ToArray();
        var (convolutions, poolings) = (Of<Conv2D>(), Of<MaxPooling2D>());
        var layers = new List<Layer>();
        foreach (var (part, kinds) in s_parts)
        {
            var number = 0;
            foreach (var kind in kinds)
            {
                Normalize();
                var module = byPlace.GetValueOrDefault((part, number));
                if (kind == 'D' && module?.Kind == ModuleKind.Dense)
                    continue; // without dropout

                if (module is not null != kind is 'C' or 'L' || !Add(kind, module))
                    return null;

                byPlace.Remove((part, number++));
            }

            Normalize();
            if (part == s_parts[0].Name)
                layers.AddRange(new AdaptiveAveragePooling2D(6), new Flatten());

            void Normalize()
            {
                for (; byPlace.TryGetValue((part, number), out var next) && next.Kind == ModuleKind.Normalization; number++)
                {
                    layers.Add(StateDictNormalization.Layer(next));
                    byPlace.Remove((part, number));
                }
            }
        }

        if (layers[^1] is Dense { Units: > 1 } last)
            layers[^1] = last with { Activation = Activation.Softmax };
        return byPlace.Count == 0 ? new Sequential(TensorShape.Image(224, 224, 3), layers).Plan() : null;

        Queue<T> Of<T>() => new(preset.OfType<T>());

        bool Add(char kind, TorchModule? module)
        {
            var hasBias = module?.Find("bias") is not null;
            switch (kind)
            {
                case 'C' when module!.Kind == ModuleKind.Convolution:
                    layers.Add(convolutions.Dequeue() with
                    {
                        Name = null,
                        Filters = Outputs(module),
                        UseBias = hasBias,
                        Activation = Activation.Linear,
                    });
                    return true;
                case 'L' when module!.Kind == ModuleKind.Dense:
                    layers.Add(new Dense(Outputs(module), useBias: hasBias));
                    return true;
                case 'R' when layers[^1] is WeightedLayer products:
                    layers[^1] = products with { Activation = Activation.Relu };
                    return true;
                case 'R':
                    layers.Add(new ActivationLayer(Activation.Relu));
                    return true;
                case 'P':
                    layers.Add(poolings.Dequeue() with { Name = null });
                    return true;
                default:
                    layers.Add(new Dropout());
                    return kind == 'D';
            }
        }
    }

    private static int Outputs(TorchModule module) => Math.Max(1, module.Find("kernel")!.Dimensions[0]);

    // features.module.0 and net.features.0 are features, 0.
    private static (string Part, int Number)? PlaceOf(TorchModule module)
    {
        var names = module.Name.Split('.');
        var part = Array.FindLastIndex(names, name => s_parts.Any(known => known.Name == name));
        int[] numbers = [.. names.Skip(part + 1).Select(name => int.TryParse(name, out var number) ? number : -1).Where(number => number >= 0)];
        return part >= 0 && numbers is [var only] ? (names[part], only) : null;
    }

    // What of the layout a layer is; none for what does not count, such as padding.
    private static IEnumerable<(char Kind, string Name)> ListKinds(PlannedLayer planned) => (planned.Layer switch
    {
        Conv2D { Activation: Activation.Relu } => "CR",
        Conv2D { Activation: Activation.Linear } => "C",
        Dense { Activation: Activation.Relu } => "LR",
        Dense { Activation: Activation.Linear or Activation.Softmax } => "L",
        ActivationLayer { Activation: Activation.Relu } => "R",
        MaxPooling2D => "P",
        BatchNormalization => "B",
        AdaptiveAveragePooling2D or AveragePooling2D { PoolSize: (1, 1), Strides: (1, 1) } => "A",
        Flatten => "F",
        Dropout or ZeroPadding2D or ActivationLayer { Activation: Activation.Linear or Activation.Softmax } => "",
        _ => "?",
    }).Select(kind => (kind, planned.Name));
}
