namespace MlNetAlexNet.Evaluation;

/// <summary>Where a share lies that was measured on some pictures only: of a hundred such intervals 95 hold the true one.</summary>
/// <param name="Low">Lower end, 0 to 1.</param>
/// <param name="High">Upper end, 0 to 1.</param>
public sealed record ConfidenceInterval(double Low, double High)
{
    /// <summary>The 97.5% point of the normal distribution, by which 95% lie between -z and z.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>
    /// The score interval of Wilson (1927, "Probable inference, the law of succession, and statistical inference", JASA 22),
    /// without continuity correction, for a share p of n:
    /// (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n), with z = 1.96. It holds for few pictures and for
    /// shares near 0 and 1, too, where p -+ z sqrt(p (1 - p) / n) does not. The pictures are taken to be drawn independently:
    /// it knows nothing of other cameras or of several pictures of one thing.
    /// </summary>
    /// <param name="share">Of the pictures, 0 to 1.</param>
    /// <param name="pictures">At least 1.</param>
    public static ConfidenceInterval OfShare(double share, int pictures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures, 1);
        if (share is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies between 0 and 1.");

        var (z2, n) = (Z * Z, (double)pictures);
        var middle = share + z2 / (2 * n);
        var half = Z * Math.Sqrt(share * (1 - share) / n + z2 / (4 * n * n));
        var scale = 1 + z2 / n;
        return new(
            share == 0 ? 0 : (middle - half) / scale,
            share == 1 ? 1 : (middle + half) / scale);
    }
}
