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
        return new TrainedModel(plan, weights, model.Preprocessing, model.Classes, model.TopK)
        {
            TrainedOn = model.TrainedOn,
            ChosenBy = model.ChosenBy,
        };
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
                    var (target, map) = (sums, ChannelMap.Of(layer, norm, network.Weights));
                    changes.Change(target, (kernel, bias) => map.Before(target, kernel, bias));
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
}
