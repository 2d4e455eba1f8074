using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Sides of the squares that are learnt in each epoch: they grow from the first to the stack's own over three quarters of
/// the epochs (Howard 2018, "Training Imagenet in 3 hours for 25 minutes"; Tan and Le 2021, algorithm 1).
/// </summary>
/// <param name="first">Side in the first epoch, in pixels; null for the stack's own throughout.</param>
/// <param name="last">The stack's own side, in pixels.</param>
/// <param name="epochs">Of the training.</param>
internal sealed class PictureSizes(int? first, int last, int epochs)
{
    // A network of its own for each size: few sizes are few of oneDNN's kernels.
    private const int Step = 16;
    private const double Growing = 0.75;

    /// <param name="epoch">From 1.</param>
    public int Get(int epoch)
    {
        if (first is not { } start || epoch - 1 >= epochs * Growing)
            return last;

        var side = start + (last - start) * ((epoch - 1) / (epochs * Growing));
        return Math.Min(last, (int)Math.Round(side / Step) * Step);
    }

    /// <summary>
    /// The same stack over squares of another side: the image that goes into its vector is brought to the size it has in
    /// the stack, so all weights stay as they are.
    /// </summary>
    /// <exception cref="AlexNetException">A layer cannot take so small an image.</exception>
    public static LayerPlan Resize(LayerPlan plan, int side)
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
