using MlNetAlexNet.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// <see cref="BatchNormalization"/> as Keras 3 does it. Torch's variance of a batch has Bessel's correction, and is no
/// number for one value; here it is the variance that the batch is divided by.
/// </summary>
/// <param name="Mean">The moving mean: C, 32 bits whatever is computed in.</param>
/// <param name="Variance">The moving variance, likewise.</param>
internal sealed record BatchStatistics(Tensor Mean, Tensor Variance)
{
    /// <summary>In training: by the statistics of the batch, which move these.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">N x C x H x W, or N x C.</param>
    /// <param name="gamma">C, 32 bits; null for 1.</param>
    /// <param name="beta">C, 32 bits; null for 0.</param>
    /// <returns>Of the shape and format of <paramref name="x"/>.</returns>
    public Tensor NormalizeByBatch(BatchNormalization layer, Tensor x, Tensor? gamma, Tensor? beta)
    {
        var (mean, variance) = (zeros_like(Mean), zeros_like(Variance));           // C
        var result = functional.batch_norm(
            x, mean, variance, gamma!, beta!, training: true, momentum: 1, eps: layer.Epsilon);
        var count = x.numel() / x.shape[1];
        using var noGradient = no_grad();
        Mean.mul_(layer.Momentum).add_(mean, alpha: 1 - layer.Momentum);
        Variance.mul_(layer.Momentum);
        if (count > 1)
            Variance.add_(variance, alpha: (1 - layer.Momentum) * (count - 1) / count);
        return result;
    }

    /// <summary>In scoring: by the moving statistics.</summary>
    /// <inheritdoc cref="NormalizeByBatch"/>
    public Tensor Normalize(BatchNormalization layer, Tensor x, Tensor? gamma, Tensor? beta) =>
        functional.batch_norm(x, Mean, Variance, gamma!, beta!, training: false, eps: layer.Epsilon);
}
