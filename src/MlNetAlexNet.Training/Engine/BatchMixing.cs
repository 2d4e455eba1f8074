using MlNetAlexNet.Training.Data;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// What one batch is mixed with: itself in reverse order, over the whole pictures (Zhang et al. 2018, "mixup") or in a
/// rectangle (Yun et al. 2019, "CutMix"). Both the pictures and the costs of their classes are mixed.
/// </summary>
internal readonly record struct BatchMixing
{
    // Of a picture itself; the rest is of the other one.
    private double Share { get; init; }

    private (int Top, int Left, int Side)? Patch { get; init; }

    private static BatchMixing None => new() { Share = 1 };

    /// <summary>A function of seed and step.</summary>
    /// <param name="augmentation">What is mixed.</param>
    /// <param name="seed">Of the training.</param>
    /// <param name="step">Over the whole training, from 0.</param>
    /// <param name="side">Of the pictures, in pixels.</param>
    public static BatchMixing Draw(Augmentation augmentation, int seed, int step, int side)
    {
        var (mixup, cutMix) = (augmentation.Mixup > 0, augmentation.CutMix > 0);
        if (!mixup && !cutMix)
            return None;

        var random = new PictureRandom(seed, epoch: 0, step); // epochs of pictures begin with 1
        if (augmentation.MixingProbability < 1 && random.NextDouble() >= augmentation.MixingProbability)
            return None;

        if (mixup && (!cutMix || random.NextBool()))
            return new() { Share = BetaDistribution.Draw(augmentation.Mixup, ref random) };

        // Cut off at no border: the rectangle lies in the picture.
        var covered = Math.Sqrt(1 - BetaDistribution.Draw(augmentation.CutMix, ref random));
        var edge = (int)(covered * side);
        return new()
        {
            Share = 1 - (double)edge * edge / side / side,
            Patch = (random.Next(side - edge + 1), random.Next(side - edge + 1), edge),
        };
    }

    /// <summary>The pictures mixed.</summary>
    /// <param name="pictures">N x C x H x W; may be changed.</param>
    /// <returns>N x C x H x W.</returns>
    public Tensor Mix(Tensor pictures)
    {
        if (Share == 1)
            return pictures;

        if (Patch is not var (top, left, patchSide))
            return pictures * Share + pictures.flip(0) * (1 - Share);

        var place = pictures.narrow(2, top, patchSide).narrow(3, left, patchSide); // N x C x patch x patch
        place.copy_(place.flip(0));
        return pictures;
    }

    /// <summary>The cost of the batch: of what its pictures are to give, and of that of those mixed in, by their shares.</summary>
    /// <param name="targets">N, or N x values.</param>
    /// <param name="cost">One number for targets of the batch.</param>
    /// <returns>One number.</returns>
    public Tensor Cost(Tensor targets, Func<Tensor, Tensor> cost) => Share == 1
        ? cost(targets)
        : cost(targets) * Share + cost(targets.flip(0)) * (1 - Share);

    /// <summary>The class of each picture that has the greater share.</summary>
    public Tensor MainLabels(Tensor labels) => Share >= 0.5 ? labels : labels.flip(0);
}
