namespace MlNetAlexNet.Training.Data;

/// <summary>A rectangle covered with noise (Zhong et al. 2020, algorithm 1).</summary>
/// <param name="Left">As a share of the square's side.</param>
/// <param name="Top">Likewise.</param>
/// <param name="Width">Likewise; 0 for none.</param>
/// <param name="Height">Likewise.</param>
/// <param name="Seed">Of the noise.</param>
internal readonly record struct Erasure(double Left, double Top, double Width, double Height, ulong Seed)
{
    // torchvision's RandomErasing: scale and ratio.
    private const double LeastArea = 0.02;
    private const double GreatestArea = 0.33;
    private const double GreatestAspect = 3.3;

    /// <summary>Five draws, whether there is one or not, and one more.</summary>
    /// <param name="probability">That there is one.</param>
    /// <param name="random">Of the picture.</param>
    public static Erasure Draw(double probability, ref PictureRandom random)
    {
        var isThere = random.NextDouble() < probability;
        var area = LeastArea + (GreatestArea - LeastArea) * random.NextDouble();
        var aspect = Math.Pow(GreatestAspect, 2 * random.NextDouble() - 1);
        var (width, height) = (Math.Min(1, Math.Sqrt(area * aspect)), Math.Min(1, Math.Sqrt(area / aspect)));
        var (left, top) = (random.NextDouble() * (1 - width), random.NextDouble() * (1 - height));
        var seed = random.NextBits();
        return isThere ? new(left, top, width, height, seed) : default;
    }

    /// <summary>Covers it, in place.</summary>
    /// <param name="pixels"><paramref name="side"/> x <paramref name="side"/> x RGB.</param>
    /// <param name="side">In pixels.</param>
    public void Paint(Span<byte> pixels, int side)
    {
        var noise = new PictureRandom(Seed);
        var (left, right) = ((int)(Left * side), (int)((Left + Width) * side));
        for (var row = (int)(Top * side); row < (int)((Top + Height) * side); row++)
        {
            foreach (ref var value in pixels[((row * side + left) * 3)..((row * side + right) * 3)])
                value = (byte)noise.NextBits();
        }
    }
}
