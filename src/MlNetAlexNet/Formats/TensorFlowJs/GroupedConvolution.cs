using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.TensorFlowJs;

/// <summary>
/// Grouped convolutions as plain ones, whose kernels are 0 between the groups. The results are the same
/// wherever the inputs are finite: a product with 0 adds 0.
/// </summary>
internal static class GroupedConvolution
{
    /// <summary>The stack with one group in each convolution.</summary>
    public static LayerPlan Ungrouped(LayerPlan plan) =>
        plan.Rewrite(layer => layer.Layer is Conv2D conv ? conv with { Groups = 1 } : layer.Layer);

    /// <summary>The values of a weight in the stack with one group in each convolution.</summary>
    public static float[] Ungrouped(LayerPlan plan, WeightSet weights, KerasWeightedLayer layer, KerasVariable variable)
    {
        var values = weights[KerasWeights.KeyOf(layer, variable)].Values;
        var own = plan.First(own => own.Name == layer.Layer.Name).Layer;
        return variable.Name == "kernel" && own is Conv2D { Groups: > 1 } conv
            ? Ungrouped(values, conv.Groups, conv.Filters, conv.Kernel.Height * conv.Kernel.Width)
            : values;
    }

    /// <summary>A kernel of filters x channels of a group x pixels over the channels of all groups.</summary>
    public static float[] Ungrouped(float[] kernel, int groups, int filters, int pixels)
    {
        var channels = kernel.Length / filters / pixels; // of one group
        var values = new float[kernel.Length * groups];
        for (var f = 0; f < filters; f++)
        {
            var group = f / (filters / groups);
            kernel.AsSpan(f * channels * pixels, channels * pixels)
                .CopyTo(values.AsSpan((f * groups + group) * channels * pixels));
        }

        return values;
    }
}
