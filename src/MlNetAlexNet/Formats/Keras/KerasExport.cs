using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>Puts a stack into the layers that Keras has. Names of weights stay.</summary>
internal static class KerasExport
{
    /// <summary>The same model, with explicit padding and adaptive pooling put into other words.</summary>
    /// <exception cref="AlexNetException">Keras has no words for a layer; the message names it.</exception>
    public static KerasExpression Express(ModelFileContent content) =>
        new(Express(content.Plan)) { Normalization = content.Normalization };

    /// <summary>The same stack, likewise.</summary>
    /// <exception cref="AlexNetException">Keras has no words for a layer; the message names it.</exception>
    public static LayerPlan Express(LayerPlan plan) => plan.Rewrite(layer => Lower(layer, plan));

    private static IEnumerable<Layer> Lower(PlannedLayer planned, LayerPlan plan) => planned.Layer switch
    {
        Conv2D conv => Lower(planned, conv, plan),
        Pooling2D pool when !IsKeras(pool.Padding) => throw Refused(
            planned, $"pads by {pool.Padding} pixels; Keras' pooling knows only 'valid' and 'same'"),
        AdaptiveAveragePooling2D => [Lower(planned, planned.Input, planned.Output)],
        LocalResponseNormalization => throw Refused(planned, "has no counterpart in Keras; export to ONNX instead"),
        var layer => [layer],
    };

    private static IEnumerable<Layer> Lower(PlannedLayer planned, Conv2D conv, LayerPlan plan)
    {
        if (IsKeras(conv.Padding))
            return [conv];
        var sides = conv.Padding.Resolve(planned.Input, conv.DilatedKernel, conv.Strides);
        if (sides == Padding.Same.Resolve(planned.Input, conv.DilatedKernel, conv.Strides))
            return [conv with { Padding = Padding.Same }];

        var name = $"{planned.Name}_padding";
        while (plan.Any(layer => layer.Name == name))
            name += "_";
        return
        [
            new ZeroPadding2D(sides.Top, sides.Bottom, sides.Left, sides.Right) { Name = name },
            conv with { Padding = Padding.Valid },
        ];
    }

    // Cells of one size that do not overlap are plain windows.
    private static AveragePooling2D Lower(PlannedLayer planned, TensorShape input, TensorShape output) =>
        input.Height % output.Height == 0 && input.Width % output.Width == 0
            ? new AveragePooling2D((input.Height / output.Height, input.Width / output.Width)) { Name = planned.Name }
            : throw Refused(
                planned,
                $"makes {output.Height}x{output.Width} cells of {input.Height}x{input.Width} pixels; " +
                "Keras' pooling needs cells of one size");

    private static bool IsKeras(Padding padding) => padding == Padding.Valid || padding == Padding.Same;

    private static AlexNetException Refused(PlannedLayer layer, string why) =>
        new($"The layer '{layer.Name}' ({layer.Layer.TypeName}) {why}.");
}
