using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Completion;

/// <summary>
/// Weights for pictures whose channels come in the other order: blue first becomes red first. Each weight up to the first
/// layer that sums over channels is turned around; behind it nothing changes.
/// </summary>
internal static class ReversedChannels
{
    /// <exception cref="AlexNetException">A layer before that one depends on the order otherwise; it is named.</exception>
    public static WeightSet Apply(LayerPlan plan, WeightSet weights)
    {
        var changed = weights.ToDictionary();
        foreach (var planned in plan)
        {
            switch (planned.Layer)
            {
                case Conv2D { Groups: 1 } or Dense:
                    var kernel = $"{planned.Name}/kernel";
                    changed[kernel] = Reverse(weights[kernel], rows: weights[kernel].Dimensions[0]);
                    return new WeightSet(changed);
                case BatchNormalization:
                    foreach (var key in planned.Weights.Select(planned.GetWeightName))
                        changed[key] = Reverse(weights[key], rows: 1);
                    break;
                // each channel by itself, or with as many neighbours on either side
                case ZeroPadding2D or Pooling2D or AdaptiveAveragePooling2D or Flatten or Dropout or LeakyReLU or ELU
                    or LocalResponseNormalization or ActivationLayer { Activation: not Activation.Softmax }:
                    break;
                case var other:
                    throw new AlexNetException(
                        $"The layer '{planned.Name}' ({other.TypeName}) keeps the colours apart in their order, which cannot be "
                        + "turned around. Turn the channels of its weights around where the network was made.");
            }
        }

        throw new AlexNetException("The network has no layer that sums over the colours.");

        // Rows of as many values for each channel, one channel after the other.
        Weight Reverse(Weight weight, int rows)
        {
            var part = weight.Values.Length / rows / plan.Input.Channels;
            var values = new float[weight.Values.Length];
            for (var start = 0; start < values.Length; start += part * plan.Input.Channels)
            {
                for (var c = 0; c < plan.Input.Channels; c++)
                {
                    weight.Values.AsSpan(start + c * part, part)
                        .CopyTo(values.AsSpan(start + (plan.Input.Channels - 1 - c) * part));
                }
            }

            return weight with { Values = values };
        }
    }
}
