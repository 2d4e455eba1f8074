using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Sides of the squares that are learnt in each epoch: they grow from the first to the stack's own over three quarters of
/// the epochs (Howard 2018, "Training Imagenet in 3 hours for 25 minutes"; Tan and Le 2021, algorithm 1).
/// </summary>
/// <param name="share">Side in the first epoch by the stack's own; null for that throughout.</param>
/// <param name="plan">The stack.</param>
/// <param name="epochs">Of the training.</param>
internal sealed class PictureSizes(double? share, LayerPlan plan, int epochs)
{
    // In steps: a network of its own for each size, and few sizes are few of oneDNN's kernels.
    private const int Step = 16;
    private const double Growing = 0.75;

    private readonly int _first = FindFirst(plan, Math.Max(1, (int)Math.Round((share ?? 1) * plan.Input.Height)));
    private readonly int _last = plan.Input.Height;

    /// <param name="epoch">From 1.</param>
    public int Get(int epoch)
    {
        if (epoch - 1 >= epochs * Growing)
            return _last;

        var grown = (_last - _first) * ((epoch - 1) / (epochs * Growing));
        return _first + (int)grown / Step * Step;
    }

    // What is smaller than the stack's squares must still be an image before the vector.
    private static int FindFirst(LayerPlan plan, int side)
    {
        for (; side < plan.Input.Height; side += Step)
        {
            try
            {
                _ = plan.WithSide(side);
                return side;
            }
            catch (AlexNetException)
            {
                // Too small.
            }
        }

        return plan.Input.Height;
    }
}
