using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Training;

/// <summary>Sets the size of the squares that a stack takes.</summary>
internal static class PlanSize
{
    /// <summary>
    /// The same stack over squares of another side: the image that goes into its vector is brought to the size it has in
    /// the stack, so all weights stay as they are.
    /// </summary>
    /// <exception cref="AlexNetException">A layer cannot take so small an image.</exception>
    public static LayerPlan WithSide(this LayerPlan plan, int side)
    {
        if (plan.Input.Height == side)
            return plan;

        var resized = new Sequential(TensorShape.Image(side, side, plan.Input.Channels));
        foreach (var planned in plan)
        {
            if (planned.Layer is Flatten && !planned.Input.IsFlat)
                resized.Add(new AdaptiveAveragePooling2D((planned.Input.Height, planned.Input.Width)));
            resized.Add(planned.Layer);
        }

        return resized.Plan();
    }
}
