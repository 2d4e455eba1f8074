using static System.FormattableString;

namespace MlNetAlexNet.Training;

/// <summary>
/// What is changed at random about the pictures that are learnt, so that no epoch sees the same ones. Immutable; the
/// default is that of Krizhevsky 2012, section 4.1: a square at a random place, mirrored half of the time. What happens
/// to a picture follows from seed, epoch and picture alone, on any number of threads.
/// </summary>
public sealed record Augmentation
{
    /// <summary>Nothing: the middle of every picture as it is.</summary>
    public static Augmentation None { get; } = new() { RandomCrop = false, Flip = false };

    /// <summary>Whether the square that is learnt lies anywhere in the picture; else it is the middle. Default true.</summary>
    public bool RandomCrop { get; init; } = true;

    /// <summary>
    /// Least share of the picture's area, above 0 to 1, of a rectangle at a random place, of random area up to the whole
    /// and of an aspect from 3/4 to 4/3, that is scaled to the square (Szegedy et al. 2015, section 6; torchvision's
    /// <c>RandomResizedCrop</c> begins at 0.08, which is for millions of pictures). Default null: the square is cut out
    /// as it is.
    /// </summary>
    public double? SmallestArea { get; init; }

    /// <summary>Whether half of the pictures are mirrored. Default true; not for arrows, hands and letters.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>
    /// Brightness, contrast and saturation are each multiplied by a factor from 1 - this to 1 + this, 0 to 1
    /// (torchvision's <c>ColorJitter</c>, in that order). Default 0.
    /// </summary>
    public double ColorJitter { get; init; }

    /// <summary>
    /// Standard deviation of the coefficients, drawn once a picture, by which its colours move along the principal components
    /// of the training pictures' colours, in units of the deviation along each (Krizhevsky 2012, section 4.1; 0.1 there). The
    /// paper's formula has the eigenvalue, which depends on the unit of the values; its author's code, cuda-convnet2, has the
    /// root, as here. Default 0.
    /// </summary>
    public double Lighting { get; init; }

    /// <summary>
    /// Whether one of fourteen changes is made to each picture, of random strength: turned, sheared, shifted, brighter,
    /// sharper and so on (Müller and Hutter 2021, "TrivialAugment", the wide ranges; torchvision's
    /// <c>TrivialAugmentWide</c>). Default false.
    /// </summary>
    public bool TrivialAugment { get; init; }

    /// <summary>
    /// Share of pictures, 0 to 1, in which a rectangle of 2 to 33% of the area is covered with noise (Zhong et al. 2020,
    /// "Random Erasing", table 1). Default 0.
    /// </summary>
    public double RandomErasing { get; init; }

    /// <summary>
    /// Parameter of the Beta distribution of the shares in which two pictures of a batch, and their classes, are mixed
    /// (Zhang et al. 2018, "mixup"; 0.2 there for ImageNet). Default 0: none are.
    /// </summary>
    public double Mixup { get; init; }

    /// <summary>
    /// Parameter of the Beta distribution of the share of a picture that stays when a rectangle of another one of the batch
    /// is put into it, and the classes mixed as the areas (Yun et al. 2019, "CutMix"; 1 there). With <see cref="Mixup"/>
    /// each is done to half of the mixed batches. Default 0: none are.
    /// </summary>
    public double CutMix { get; init; }

    /// <summary>
    /// Share of batches, above 0 to 1, that <see cref="Mixup"/> and <see cref="CutMix"/> mix; the others are learnt as they are
    /// (timm's <c>mixup_prob</c>). Default 1.
    /// </summary>
    public double MixingProbability { get; init; } = 1;

    /// <summary>Whether each picture is cut out as it is, pixel by pixel.</summary>
    internal bool KeepsPixels => SmallestArea is null && ColorJitter == 0 && !TrivialAugment && RandomErasing == 0;

    /// <summary>Numbers out of range.</summary>
    internal IEnumerable<string> ListFaults()
    {
        if (SmallestArea is not (null or (> 0 and <= 1)))
            yield return Invariant($"{nameof(SmallestArea)} is {SmallestArea}; it must be above 0 and at most 1.");
        else if (SmallestArea is not null && !RandomCrop)
            yield return Invariant($"{nameof(SmallestArea)} is {SmallestArea}, but without {nameof(RandomCrop)} it is the middle that is learnt; leave it out.");

        foreach (var (name, value) in new[] { (nameof(ColorJitter), ColorJitter), (nameof(RandomErasing), RandomErasing) })
        {
            if (value is not (>= 0 and <= 1))
                yield return Invariant($"{name} is {value}; it must be from 0 to 1.");
        }

        if (MixingProbability is not (> 0 and <= 1))
            yield return Invariant($"{nameof(MixingProbability)} is {MixingProbability}; it must be above 0 and at most 1.");
        else if (MixingProbability < 1 && Mixup == 0 && CutMix == 0)
            yield return Invariant($"{nameof(MixingProbability)} is {MixingProbability}, but neither {nameof(Mixup)} nor {nameof(CutMix)} is above 0; leave it out.");

        foreach (var (name, value) in new[] { (nameof(Mixup), Mixup), (nameof(CutMix), CutMix), (nameof(Lighting), Lighting) })
        {
            if (value is not (>= 0 and < double.PositiveInfinity))
                yield return Invariant($"{name} is {value}; it must be at least 0, such as 0.2 or 1.");
        }
    }
}
