namespace MlNetAlexNet.Training.Data;

/// <summary>What is learnt of a square picture: which part of it, and how it is changed.</summary>
internal readonly record struct View
{
    // torchvision's RandomResizedCrop: ratio.
    private const double GreatestAspect = 4.0 / 3;

    /// <summary>A square of its pixels as they are; null where they are computed from <see cref="Place"/>.</summary>
    public Crop? Crop { get; private init; }

    /// <summary>How the colours move; it is left to who makes numbers of the bytes.</summary>
    public Lighting Lighting { get; private init; }

    private Affine Place { get; init; }

    private ColorChange Colors { get; init; }

    private TrivialChange Change { get; init; }

    private Erasure Erased { get; init; }

    /// <summary>A square of its pixels as they are.</summary>
    public static View Take(Crop crop) => new() { Crop = crop };

    /// <summary>What is learnt of a picture in an epoch; the first number of the picture is its place in the epoch.</summary>
    /// <param name="size">Side of the picture, in pixels.</param>
    /// <param name="side">Side of the square, in pixels.</param>
    /// <param name="augmentation">What is drawn.</param>
    /// <param name="seed">Of the training.</param>
    /// <param name="epoch">From 1.</param>
    /// <param name="row">Of the picture in the whole set.</param>
    public static View Draw(int size, int side, Augmentation augmentation, int seed, int epoch, int row)
    {
        var random = new PictureRandom(seed, epoch, row);
        random.NextBits();
        return Draw(size, side, augmentation, ref random);
    }

    /// <summary>All that is random about a picture, drawn in this order; what is new goes to the end.</summary>
    /// <param name="size">Side of the picture, in pixels.</param>
    /// <param name="side">Side of the square, in pixels.</param>
    /// <param name="augmentation">What is drawn.</param>
    /// <param name="random">Of the picture.</param>
    public static View Draw(int size, int side, Augmentation augmentation, ref PictureRandom random)
    {
        var crop = Data.Crop.Draw(size, side, ref random);
        if (!augmentation.RandomCrop)
            crop = Data.Crop.TakeMiddle(size, side) with { IsMirrored = crop.IsMirrored };
        crop = crop with { IsMirrored = crop.IsMirrored && augmentation.Flip };
        if (augmentation.KeepsPixels)
            return Take(crop) with { Lighting = Lighting.Draw(augmentation.Lighting, ref random) };

        var place = augmentation.SmallestArea is { } area
            ? DrawRectangle(size, side, area, ref random)
            : Affine.FromRectangle(crop.Left, crop.Top, side, side, side);
        if (crop.IsMirrored)
            place = place.Mirror(side);
        var colors = ColorChange.Draw(augmentation.ColorJitter, ref random);
        var change = TrivialChange.Draw(ref random);
        if (!augmentation.TrivialAugment)
            change = default;
        return new()
        {
            Place = change.Move(place, side),
            Colors = colors,
            Change = change,
            Erased = Erasure.Draw(augmentation.RandomErasing, ref random),
            Lighting = Lighting.Draw(augmentation.Lighting, ref random),
        };
    }

    /// <summary>Makes the square.</summary>
    /// <param name="picture"><paramref name="size"/> x <paramref name="size"/> x RGB bytes.</param>
    /// <param name="size">Side of the picture, in pixels.</param>
    /// <param name="square"><paramref name="side"/> x <paramref name="side"/> x RGB bytes.</param>
    /// <param name="side">Side of the square, in pixels.</param>
    public void Cut(ReadOnlySpan<byte> picture, int size, Span<byte> square, int side)
    {
        if (Crop is { } crop)
        {
            crop.Cut(picture, size, square, side);
            return;
        }

        Place.Sample(picture, size, square, side);
        Colors.Apply(square);
        Change.Paint(square, side);
        Erased.Paint(square, side);
    }

    // Of the square picture: an area and an aspect that fit into it, anywhere. Four draws.
    private static Affine DrawRectangle(int size, int side, double smallestArea, ref PictureRandom random)
    {
        var scale = Math.Sqrt(smallestArea + (1 - smallestArea) * random.NextDouble());
        var root = Math.Sqrt(Math.Pow(GreatestAspect, 2 * random.NextDouble() - 1));
        var (width, height) = (Math.Min(1, scale * root) * size, Math.Min(1, scale / root) * size);
        return Affine.FromRectangle(
            random.NextDouble() * (size - width), random.NextDouble() * (size - height), width, height, side);
    }
}
