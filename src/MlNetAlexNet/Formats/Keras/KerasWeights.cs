using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>The weights of a stack out of the variables of a Keras or TensorFlow.js file, and back.</summary>
internal static class KerasWeights
{
    /// <summary>The variables of a layer in Keras' order, without those of its normalization.</summary>
    public static IReadOnlyList<KerasVariable> VariablesOf(KerasWeightedLayer layer)
    {
        var kernel = new KerasVariable(layer.Name, layer.Slot, "kernel", 0, KernelDimensions(layer.Layer));
        return layer.UseBias ? [kernel, kernel with { Name = "bias", Index = 1, Dimensions = [Outputs(layer)] }] : [kernel];
    }

    /// <summary>Every variable that files of the stack hold, with the layer that it belongs to.</summary>
    public static IReadOnlyList<(KerasWeightedLayer Layer, KerasVariable Variable)> VariablesOf(LayerPlan plan) =>
    [
        .. from layer in KerasArchitecture.Of(plan).Weighted from variable in VariablesOf(layer) select (layer, variable),
    ];

    /// <summary>The key of a variable in a <see cref="WeightSet"/>.</summary>
    public static string KeyOf(KerasWeightedLayer layer, KerasVariable variable) => $"{layer.Layer.Name}/{variable.Name}";

    /// <summary>Reads all weights, a layer at a time.</summary>
    /// <exception cref="AlexNetException">Variables are missing or of other dimensions; the message names them.</exception>
    public static WeightSet Read(KerasArchitecture architecture, IKerasVariables file)
    {
        RequireAll(architecture, file);
        var weights = new Dictionary<string, Weight>();
        foreach (var layer in architecture.Weighted)
        {
            var (kernel, bias) = Read(layer, architecture.Plan, file);
            weights.Add($"{layer.Layer.Name}/kernel", kernel);
            if (bias is not null)
                weights.Add($"{layer.Layer.Name}/bias", bias);
        }

        return new WeightSet(weights);
    }

    /// <summary>The values of a variable in Keras' order.</summary>
    public static float[] ToKeras(KerasWeightedLayer layer, KerasVariable variable, LayerPlan plan, float[] values)
    {
        if (variable.Name != "kernel")
            return values;
        if (layer.Layer.Layer is Conv2D conv)
        {
            return KerasLayout.ConvolutionToKeras(
                values, conv.Kernel.Height, conv.Kernel.Width, layer.Layer.Input.Channels / conv.Groups, conv.Filters);
        }

        var picture = FlattenedBefore(plan, layer.Layer);
        return KerasLayout.DenseToKeras(values, picture.Height * picture.Width, picture.Channels, Outputs(layer));
    }

    private static (Weight Kernel, Weight? Bias) Read(KerasWeightedLayer layer, LayerPlan plan, IKerasVariables file)
    {
        var variables = VariablesOf(layer);
        var kernel = new Weight(layer.Layer.Weights[0].Dimensions, FromKeras(layer.Layer, plan, file.Read(variables[0])));
        var bias = layer.UseBias ? new Weight([Outputs(layer)], file.Read(variables[1])) : null;
        if (layer.Normalization is not { } normalization)
            return (kernel, bias);

        var read = NormalizationVariables(layer, normalization).ToDictionary(
            variable => variable.Name, file.Read);
        return BatchNormalizationFold.Fold(
            kernel,
            bias,
            read.GetValueOrDefault("gamma"),
            read.GetValueOrDefault("beta"),
            read["moving_mean"],
            read["moving_variance"],
            normalization.Epsilon);
    }

    private static float[] FromKeras(PlannedLayer layer, LayerPlan plan, float[] kernel)
    {
        if (layer.Layer is Conv2D conv)
        {
            return KerasLayout.ConvolutionFromKeras(
                kernel, conv.Kernel.Height, conv.Kernel.Width, layer.Input.Channels / conv.Groups, conv.Filters);
        }

        var picture = FlattenedBefore(plan, layer);
        return KerasLayout.DenseFromKeras(
            kernel, picture.Height * picture.Width, picture.Channels, layer.Output.Channels);
    }

    // The picture whose values reach the dense layer in Keras' order; its own input if they are no picture's.
    private static TensorShape FlattenedBefore(LayerPlan plan, PlannedLayer dense) => plan
        .TakeWhile(layer => layer.Name != dense.Name).Reverse()
        .TakeWhile(layer => layer.Layer is not Dense)
        .LastOrDefault(layer => layer.Layer is Flatten)?.Input ?? dense.Input;

    private static void RequireAll(KerasArchitecture architecture, IKerasVariables file)
    {
        var variables = architecture.Weighted.SelectMany(layer =>
            layer.Normalization is { } normalization
                ? VariablesOf(layer).Concat(NormalizationVariables(layer, normalization))
                : VariablesOf(layer)).ToArray();
        var found = variables.Select(variable => (Variable: variable, Dimensions: file.Dimensions(variable))).ToArray();
        var missing = found.Where(pair => pair.Dimensions is null).Select(pair => pair.Variable.ToString()).ToArray();
        if (missing.Length > 0)
        {
            throw new AlexNetException(
                $"The file lacks {missing.Length} of the {variables.Length} weights: {string.Join(", ", missing)}. " +
                "It is damaged, or belongs to another stack.");
        }

        foreach (var (variable, dimensions) in found)
        {
            if (!variable.Dimensions.SequenceEqual(dimensions!))
            {
                throw new AlexNetException(
                    $"'{variable}' is {string.Join(" x ", dimensions!)} in the file; " +
                    $"the stack needs {string.Join(" x ", variable.Dimensions)}.");
            }
        }
    }

    private static IEnumerable<KerasVariable> NormalizationVariables(
        KerasWeightedLayer layer, KerasNormalization normalization)
    {
        IEnumerable<string> names =
        [
            .. normalization.Scale ? ["gamma"] : Array.Empty<string>(),
            .. normalization.Center ? ["beta"] : Array.Empty<string>(),
            "moving_mean", "moving_variance",
        ];
        return names.Select((name, index) =>
            new KerasVariable(normalization.Name, normalization.Slot, name, index, [Outputs(layer)]));
    }

    private static int[] KernelDimensions(PlannedLayer layer) => layer.Layer is Conv2D conv
        ? [conv.Kernel.Height, conv.Kernel.Width, layer.Input.Channels / conv.Groups, conv.Filters]
        : [layer.Input.Channels, layer.Output.Channels];

    private static int Outputs(KerasWeightedLayer layer) => layer.Layer.Output.Channels;
}
