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
    // In steps: a network of its own for each size, and few sizes are few of oneDNN's kernels.
    private const int Step = 16;
    private const double Growing = 0.75;

    /// <param name="epoch">From 1.</param>
    public int Get(int epoch)
    {
        if (first is not { } start || epoch - 1 >= epochs * Growing)
            return last;

        var grown = (last - start) * ((epoch - 1) / (epochs * Growing));
        return start + (int)grown / Step * Step;
    }
}
