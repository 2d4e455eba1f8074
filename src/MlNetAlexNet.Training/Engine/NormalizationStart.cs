using MlNetAlexNet.Layers;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Gives batch normalizations that were put into a trained network the statistics of its pictures, and scale and shift
/// that undo them: it computes what it computed, and can be trained on.
/// </summary>
internal sealed class NormalizationStart
{
    private readonly Dictionary<string, (Tensor Sum, Tensor Squares, long Count)> _moments = [];

    /// <summary>Takes in what goes into a normalization.</summary>
    /// <param name="layer">Its name.</param>
    /// <param name="x">N x C x H x W, or N x C.</param>
    public void Add(string layer, Tensor x)
    {
        using var scope = NewDisposeScope();
        var values = x.to(ScalarType.Float64);
        long[] others = x.dim() == 4 ? [0, 2, 3] : [0];
        var (sum, squares) = (values.sum(others), values.square().sum(others)); // C
        var count = x.numel() / x.shape[1];
        if (_moments.TryGetValue(layer, out var before))
        {
            before.Sum.add_(sum);
            before.Squares.add_(squares);
            _moments[layer] = before with { Count = before.Count + count };
            return;
        }

        _moments[layer] = (sum.DetachFromDisposeScope(), squares.DetachFromDisposeScope(), count);
    }

    /// <summary>Changes the four weights of a normalization, C each, and forgets what was taken in of it.</summary>
    public void Settle(string layer, BatchNormalization norm, BatchStatistics statistics, Tensor gamma, Tensor beta)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _moments.Remove(layer, out var moments);
        using var sum = moments.Sum;
        using var squares = moments.Squares;
        var mean = sum / moments.Count;
        var variance = (squares / moments.Count - mean.square()).clamp_min(0);
        var (oldMean, oldVariance) = (statistics.Mean.to(ScalarType.Float64), statistics.Variance.to(ScalarType.Float64));
        var slope = gamma.to(ScalarType.Float64) / (oldVariance + norm.Epsilon).sqrt();
        beta.add_(slope * (mean - oldMean));
        gamma.copy_(slope * (variance + norm.Epsilon).sqrt());
        statistics.Mean.copy_(mean);
        statistics.Variance.copy_(variance);
    }
}
