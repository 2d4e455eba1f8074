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

    /// <summary>The variables of a layer: our weights have Keras' names and order.</summary>
    public static IReadOnlyList<KerasVariable> VariablesOf(KerasWeightedLayer layer, LayerPlan plan) =>
    [
        .. layer.Layer.Weights.Select((weight, index) =>
        {
            var (dimensions, layout) = weight.Name == "kernel"
                ? KernelOf(layer.Layer, plan)
                : (weight.Dimensions, VectorOf(layer.Layer, plan));
            return new KerasVariable(layer.Place, weight.Name, index, dimensions, layout);
        }),
    ];

    /// <summary>The key of a variable in a <see cref="WeightSet"/>.</summary>
    public static string KeyOf(KerasWeightedLayer layer, KerasVariable variable) =>
        $"{layer.Layer.Name}/{variable.Name}";

    /// <summary>Reads all weights, one at a time, and what the layers before the stack make of a picture's values.</summary>
    /// <exception cref="AlexNetException">Variables are missing or of other dimensions.</exception>
    public static ModelFileContent Read(KerasArchitecture architecture, IKerasVariables file)
    {
        RequireAll(architecture, file);
        var weights =
            from layer in architecture.Weighted
            from pair in VariablesOf(layer, architecture.Plan).Zip(layer.Layer.Weights)
            select KeyValuePair.Create(
                KeyOf(layer, pair.First), new Weight(pair.Second.Dimensions, Read(pair.First, file)));
        return new ModelFileContent(architecture.Plan, new WeightSet(weights), [.. architecture.Ignored, .. architecture.KernelRegularizers])
        {
            Training = new(architecture.KernelDecays, architecture.Ignored),
            Normalization = KerasNormalization.Compose(
                architecture.Scalings,
                scaling => [.. scaling.Variables.Select(variable => Read(variable, file))],
                architecture.Plan.Input.Channels),
            Assumed = architecture.Assumed,
            Origin = ModelOrigin.Keras,
        };
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

    private static float[] Read(KerasVariable variable, IKerasVariables file)
    {
        var values = new float[variable.Elements];
        foreach (var (firstRow, block) in Blocks(variable))
        {
            file.Read(variable, firstRow, block);
            variable.Layout.FromKeras(block, firstRow, values);
        }

        FiniteNumbers.Require($"'{variable}'", values);
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

    // One value for each output, or for each value of a flattened picture that is normalized.
    private static KerasLayout VectorOf(PlannedLayer layer, LayerPlan plan) =>
        layer.Layer is BatchNormalization && FlattenedBefore(plan, layer) is { } picture
            ? KerasLayout.DenseOverPicture(picture.Height * picture.Width, picture.Channels, units: 1)
            : KerasLayout.Vector(layer.Output.Channels);

    // The picture whose values reach the layer in Keras' order; null if they are no picture's.
    private static TensorShape? FlattenedBefore(LayerPlan plan, PlannedLayer reader) => plan
        .TakeWhile(layer => layer.Name != reader.Name).Reverse()
        .TakeWhile(layer => layer.Layer is not Dense)
        .LastOrDefault(layer => layer.Layer is Flatten)?.Input;

    private static void RequireAll(KerasArchitecture architecture, IKerasVariables file)
    {
        var variables = architecture.Variables.ToArray();
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
}
