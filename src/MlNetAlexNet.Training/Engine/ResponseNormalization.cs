using MlNetAlexNet.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// x / (k + alpha x sum of squares)^beta (Krizhevsky 2012, section 3.3). The sum over neighbouring channels is a 1x1
/// convolution with ones around the diagonal: faster than Torch's own <c>local_response_norm</c>, which pools in three
/// dimensions and knows no bfloat16 on the CPU.
/// </summary>
internal static class ResponseNormalization
{
    /// <param name="layer">The layer.</param>
    /// <param name="x">N x C x H x W.</param>
    /// <returns>Of the same shape.</returns>
    public static Tensor Apply(LocalResponseNormalization layer, Tensor x)
    {
        var (channels, reach) = (x.shape[1], layer.Size / 2);
        using var neighbours = ones([channels, channels], x.dtype, x.device)
            .triu(-reach).tril(reach);                                  // C x C: 1 where two channels are neighbours
        var kernel = neighbours.reshape(channels, channels, 1, 1);      // C x C x 1 x 1
        var sums = functional.conv2d(x * x, kernel);                    // N x C x H x W
        return x * sums.mul_(layer.Alpha).add_(layer.K).pow(-layer.Beta);
    }
}
