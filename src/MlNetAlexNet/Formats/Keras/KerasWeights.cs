using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>The weights of a stack out of the variables of a Keras or TensorFlow.js file, and back.</summary>
internal static class KerasWeights
{
    /// <summary>Every variable that files of the stack hold, with the layer that it belongs to.</summary>
    public static IReadOnlyList<(KerasWeightedLayer Layer, KerasVariable Variable)> VariablesOf(LayerPlan plan) =>
    [
        .. from layer in KerasArchitecture.Describe(plan).Weighted
           from variable in VariablesOf(layer, plan)
           select (layer, variable),
    ];

    /// <summary>The variables of a layer, without those of its normalization.</summary>
    public static IReadOnlyList<KerasVariable> VariablesOf(KerasWeightedLayer layer, LayerPlan plan)
    {
        var (dimensions, layout) = KernelOf(layer.Layer, plan);
        var kernel = new KerasVariable(layer.Name, layer.Slot, "kernel", 0, dimensions, layout);
        return layer.UseBias ? [kernel, Vector(layer, layer.Name, layer.Slot, "bias", 1)] : [kernel];
    }

    /// <summary>The key of a variable in a <see cref="WeightSet"/>.</summary>
    public static string KeyOf(KerasWeightedLayer layer, KerasVariable variable) =>
        $"{layer.Layer.Name}/{variable.Name}";

    /// <summary>Reads all weights, a layer at a time.</summary>
    /// <exception cref="AlexNetException">Variables are missing or of other dimensions.</exception>
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

    /// <summary>A weight's values in Keras' order, block by block; each is used up before the next.</summary>
    public static IEnumerable<(int FirstRow, float[] Values)> ToKeras(KerasVariable variable, float[] values)
    {
        foreach (var (firstRow, block) in Blocks(variable))
        {
            variable.Layout.ToKeras(values, firstRow, block);
            yield return (firstRow, block);
        }
    }

    private static (Weight Kernel, Weight? Bias) Read(KerasWeightedLayer layer, LayerPlan plan, IKerasVariables file)
    {
        var variables = VariablesOf(layer, plan);
        var kernel = new Weight(layer.Layer.Weights[0].Dimensions, Read(variables[0], file));
        var bias = layer.UseBias ? new Weight([Outputs(layer)], Read(variables[1], file)) : null;
        if (layer.Normalization is not { } normalization)
            return (kernel, bias);

        var read = NormalizationVariables(layer, normalization)
            .ToDictionary(variable => variable.Name, variable => Read(variable, file));
        return BatchNormalizationFold.Fold(
            kernel,
            bias,
            read.GetValueOrDefault("gamma"),
            read.GetValueOrDefault("beta"),
            read["moving_mean"],
            read["moving_variance"],
            normalization.Epsilon);
    }

    private static float[] Read(KerasVariable variable, IKerasVariables file)
    {
        var values = new float[variable.Elements];
        foreach (var (firstRow, block) in Blocks(variable))
        {
            file.Read(variable, firstRow, block);
            variable.Layout.FromKeras(block, firstRow, values);
        }

        return values;
    }

    // One array for all blocks of a size.
    private static IEnumerable<(int FirstRow, float[] Block)> Blocks(KerasVariable variable)
    {
        float[] block = [];
        foreach (var (firstRow, rows) in variable.Blocks)
        {
            if (block.Length != rows * variable.Layout.Third)
                block = new float[rows * variable.Layout.Third];
            yield return (firstRow, block);
        }
    }

    private static (IReadOnlyList<int> Dimensions, KerasLayout Layout) KernelOf(PlannedLayer layer, LayerPlan plan)
    {
        var (inputs, outputs) = (layer.Input.Channels, layer.Output.Channels);
        if (layer.Layer is Conv2D { Kernel: var (height, width), Groups: var groups })
        {
            inputs /= groups;
            return ([height, width, inputs, outputs], KerasLayout.Convolution(height, width, inputs, outputs));
        }

        return ([inputs, outputs], FlattenedBefore(plan, layer) is { } picture
            ? KerasLayout.DenseOverPicture(picture.Height * picture.Width, picture.Channels, outputs)
            : KerasLayout.Dense(inputs, outputs));
    }

    // The picture whose values reach the dense layer in Keras' order; null if they are no picture's.
    private static TensorShape? FlattenedBefore(LayerPlan plan, PlannedLayer dense) => plan
        .TakeWhile(layer => layer.Name != dense.Name).Reverse()
        .TakeWhile(layer => layer.Layer is not Dense)
        .LastOrDefault(layer => layer.Layer is Flatten)?.Input;

    private static void RequireAll(KerasArchitecture architecture, IKerasVariables file)
    {
        var variables = architecture.Weighted.SelectMany(layer =>
            layer.Normalization is { } normalization
                ? VariablesOf(layer, architecture.Plan).Concat(NormalizationVariables(layer, normalization))
                : VariablesOf(layer, architecture.Plan)).ToArray();
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
            Vector(layer, normalization.Name, normalization.Slot, name, index));
    }

    private static KerasVariable Vector(
        KerasWeightedLayer layer, string name, string slot, string variable, int index) =>
        new(name, slot, variable, index, [Outputs(layer)], KerasLayout.Vector(Outputs(layer)));

    private static int Outputs(KerasWeightedLayer layer) => layer.Layer.Output.Channels;
}
