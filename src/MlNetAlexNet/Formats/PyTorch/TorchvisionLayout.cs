using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// The names of torchvision's AlexNet (torchvision/models/alexnet.py): layers are numbered within <c>features</c> and
/// <c>classifier</c>, those without weights included.
/// </summary>
internal static class TorchvisionLayout
{
    private static readonly string[] s_modules =
    [
        "features.0", "features.3", "features.6", "features.8", "features.10",
        "classifier.1", "classifier.4", "classifier.6",
    ];

    private static readonly Type[] s_layers =
    [
        typeof(Conv2D), typeof(MaxPooling2D), typeof(Conv2D), typeof(MaxPooling2D), typeof(Conv2D), typeof(Conv2D),
        typeof(Conv2D), typeof(MaxPooling2D), typeof(AdaptiveAveragePooling2D), typeof(Flatten), typeof(Dense),
        typeof(Dense), typeof(Dense),
    ];

    /// <summary>Their weights' names, kernel and bias of each, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. s_modules.SelectMany(module => (string[])[$"{module}.weight", $"{module}.bias"])];

    /// <summary>
    /// Whether the stack is laid out as torchvision's, whatever its widths: dropout and activations need not be there,
    /// and padding and the adaptive pooling may be in Keras' words.
    /// </summary>
    public static bool Fits(LayerPlan plan) =>
        plan.Weights.Count() == Names.Count
        && plan.Where(layer => layer.Layer is not (Dropout or ActivationLayer or ZeroPadding2D))
            .Select(layer => layer.Layer is AveragePooling2D { PoolSize: (1, 1), Strides: (1, 1) }
                ? typeof(AdaptiveAveragePooling2D)
                : layer.Layer.GetType())
            .SequenceEqual(s_layers);

    /// <summary>Whether the tensors are exactly those of a network laid out as torchvision's.</summary>
    public static bool Fits(StateDict tensors) =>
        tensors.Tensors.Select(tensor => tensor.Name).ToHashSet().SetEquals(Names);

    /// <summary>torchvision's stack with the widths of those tensors.</summary>
    public static LayerPlan Infer(StateDict tensors)
    {
        var byName = tensors.Tensors.ToDictionary(tensor => tensor.Name);
        var widths = new Queue<int>(s_modules.Select(module => Width(byName[$"{module}.weight"])));
        var preset = AlexNet.Torchvision(classes: Width(byName[$"{s_modules[^1]}.weight"])).Plan();
        return preset.Rewrite(planned => planned.Layer switch
        {
            Conv2D conv => conv with { Filters = widths.Dequeue() },
            Dense dense => dense with { Units = widths.Dequeue() },
            var layer => layer,
        });
    }

    private static int Width(NamedTensor tensor) => tensor.Dimensions.Count > 0
        ? tensor.Dimensions[0]
        : throw new AlexNetException($"its tensor {tensor} is a single number; a layer's weight has sides.");
}
