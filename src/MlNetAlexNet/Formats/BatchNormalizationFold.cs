using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Formats;

/// <summary>
/// Works batch normalization into the weights beside it where that is exact, so that scoring does not pay for it: into a
/// linear layer right before it, or into the layer behind it that sums what it gives and pads nothing.
/// </summary>
internal static class BatchNormalizationFold
{
    /// <summary>The model with the same scores and the batch normalizations that are left; itself if it has none.</summary>
    public static TrainedModel Fold(TrainedModel model)
    {
        if (!model.Plan.Any(layer => layer.Layer is BatchNormalization))
            return model;

        var (plan, weights) = FoldForward(FoldBack((model.Plan, model.Weights)));
        return new TrainedModel(plan, weights, model.Preprocessing, model.Classes, model.TopK);
    }

    // Into the linear layer right before. The activation behind is that layer's own then.
    private static (LayerPlan Plan, WeightSet Weights) FoldBack((LayerPlan Plan, WeightSet Weights) network)
    {
        var changes = new NetworkChanges(network.Plan, network.Weights);
        PlannedLayer? linear = null;
        var isFolded = false;
        foreach (var layer in network.Plan)
        {
            switch (layer.Layer)
            {
                case BatchNormalization norm when linear is not null:
                    changes.Change(linear, ChannelMap.Of(layer, norm, network.Weights).After);
                    changes.Drop(layer);
                    isFolded = true;
                    break;
                case ActivationLayer { Activation: not Activation.Linear and var activation } when isFolded:
                    changes.Activate(linear!, activation);
                    changes.Drop(layer);
                    (linear, isFolded) = (null, false);
                    break;
                default:
                    linear = layer.Layer is WeightedLayer { Activation: Activation.Linear } ? layer : null;
                    isFolded = false;
                    break;
            }
        }

        return changes.Make();
    }

    // Into the layer behind, through what passes values on. Padding would add zeros that are normalized already.
    private static (LayerPlan Plan, WeightSet Weights) FoldForward((LayerPlan Plan, WeightSet Weights) network)
    {
        var changes = new NetworkChanges(network.Plan, network.Weights);
        PlannedLayer? sums = null;
        foreach (var layer in network.Plan.Reverse())
        {
            switch (layer.Layer)
            {
                case BatchNormalization norm when sums is not null:
                    changes.Change(sums, ChannelMap.Of(layer, norm, network.Weights).Before);
                    changes.Drop(layer);
                    break;
                case Flatten or Dropout:
                    break;
                default:
                    sums = PadsNothing(layer) ? layer : null;
                    break;
            }
        }

        return changes.Make();
    }

    private static bool PadsNothing(PlannedLayer layer) => layer.Layer is Dense
        || (layer.Layer is Conv2D conv && conv.Padding.Resolve(layer.Input, conv.DilatedKernel, conv.Strides) == default);

    /// <summary>Kernel and bias that give what the layer and its normalization give together.</summary>
    /// <param name="kernel">Of a convolution or a dense layer: output channels first.</param>
    /// <param name="bias">Null for a layer without one.</param>
    /// <param name="gamma">A factor for each output channel; null for 1 (Keras' <c>scale=False</c>).</param>
    /// <param name="beta">A summand for each output channel; null for 0 (Keras' <c>center=False</c>).</param>
    /// <param name="mean">The moving mean of each output channel.</param>
    /// <param name="variance">The moving variance of each output channel.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <exception cref="AlexNetException">A vector does not have a value for each output channel.</exception>
    public static (Weight Kernel, Weight Bias) Fold(
        Weight kernel,
        Weight? bias,
        IReadOnlyList<float>? gamma,
        IReadOnlyList<float>? beta,
        IReadOnlyList<float> mean,
        IReadOnlyList<float> variance,
        double epsilon)
    {
        var channels = kernel.Dimensions[0];
        RequireOneEach(channels, bias?.Values, "bias");
        RequireOneEach(channels, gamma, nameof(gamma));
        RequireOneEach(channels, beta, nameof(beta));
        RequireOneEach(channels, mean, nameof(mean));
        RequireOneEach(channels, variance, nameof(variance));

        var values = new float[kernel.Values.Length];
        var sums = new float[channels];
        var perChannel = kernel.Values.Length / channels;
        for (var c = 0; c < channels; c++)
        {
            var factor = (gamma?[c] ?? 1) / Math.Sqrt(variance[c] + epsilon);
            sums[c] = (float)(((double)(bias?.Values[c] ?? 0) - mean[c]) * factor + (beta?[c] ?? 0));
            for (var i = c * perChannel; i < (c + 1) * perChannel; i++)
                values[i] = (float)(kernel.Values[i] * factor);
        }

        return (kernel with { Values = values }, new Weight([channels], sums));
    }

    private static void RequireOneEach(int channels, IReadOnlyList<float>? values, string name)
    {
        if (values is not null && values.Count != channels)
        {
            throw new AlexNetException(
                $"The batch normalization's {name} has {values.Count} values; the layer before it has {channels} outputs.");
        }
    }
}
