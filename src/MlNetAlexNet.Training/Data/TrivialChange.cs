namespace MlNetAlexNet.Training.Data;

/// <summary>The changes of TrivialAugment, in the order of torchvision's table (transforms/autoaugment.py).</summary>
internal enum ChangeKind
{
    Identity,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Rotate,
    Brightness,
    Color,
    Contrast,
    Sharpness,
    Posterize,
    Solarize,
    AutoContrast,
    Equalize,
}

/// <summary>
/// One change of a picture as TrivialAugment draws it (Müller and Hutter 2021, algorithm 1, table 1 "wide"; torchvision's
/// <c>TrivialAugmentWide</c> with its 31 steps of strength).
/// </summary>
/// <param name="Kind">What is done.</param>
/// <param name="Strength">-1 to 1 of the greatest; the sign says in which direction.</param>
internal readonly record struct TrivialChange(ChangeKind Kind, double Strength)
{
    private const int Kinds = 14;
    private const int Steps = 31;
    private const double Shear = 0.99;
    private const double TranslatePixels = 32;
    private const double Degrees = 135;
    private const double Factor = 0.99;
    private const int LeastBits = 2;

    /// <summary>Three draws.</summary>
    public static TrivialChange Draw(ref PictureRandom random)
    {
        var (kind, step, isNegative) = ((ChangeKind)random.Next(Kinds), random.Next(Steps), random.NextBool());
        return new(kind, (isNegative ? -1 : 1) * step / (Steps - 1.0));
    }

    /// <summary>What it does to the place of a square of that side.</summary>
    public Affine Move(Affine place, int side)
    {
        var (sine, cosine) = Math.SinCos(Strength * Degrees * Math.PI / 180);
        return Kind switch
        {
            ChangeKind.ShearX => place.Change(1, Strength * Shear, 0, 0, 1, 0, side),
            ChangeKind.ShearY => place.Change(1, 0, 0, Strength * Shear, 1, 0, side),
            ChangeKind.TranslateX => place.Change(1, 0, Strength * TranslatePixels, 0, 1, 0, side),
            ChangeKind.TranslateY => place.Change(1, 0, 0, 0, 1, Strength * TranslatePixels, side),
            ChangeKind.Rotate => place.Change(cosine, sine, 0, -sine, cosine, 0, side),
            _ => place,
        };
    }

    /// <summary>What it does to a square of pixels, in place.</summary>
    /// <param name="pixels"><paramref name="side"/> x <paramref name="side"/> x RGB.</param>
    /// <param name="side">In pixels.</param>
    public void Paint(Span<byte> pixels, int side)
    {
        var factor = 1 + Strength * Factor;
        switch (Kind)
        {
            case ChangeKind.Brightness: (ColorChange.None with { Brightness = factor }).Apply(pixels); break;
            case ChangeKind.Color: (ColorChange.None with { Saturation = factor }).Apply(pixels); break;
            case ChangeKind.Contrast: (ColorChange.None with { Contrast = factor }).Apply(pixels); break;
            case ChangeKind.Sharpness: ToneChange.Sharpen(pixels, side, factor); break;
            case ChangeKind.Posterize:
                ToneChange.Posterize(pixels, 8 - (int)Math.Round((8 - LeastBits) * Math.Abs(Strength)));
                break;
            case ChangeKind.Solarize: ToneChange.Solarize(pixels, 255 * (1 - Math.Abs(Strength))); break;
            case ChangeKind.AutoContrast: ToneChange.AutoContrast(pixels); break;
            case ChangeKind.Equalize: ToneChange.Equalize(pixels); break;
        }
    }
}
