namespace MlNetAlexNet.Evaluation;

/// <summary>The pictures whose probability of the predicted class is in one range.</summary>
/// <param name="Low">Lower end of the range, which is above it; 0 belongs to the first one.</param>
/// <param name="High">Upper end, which is in it.</param>
/// <param name="Pictures">How many there are.</param>
/// <param name="Confidence">Their mean probability, 0 to 1; 0 if there are none.</param>
/// <param name="Accuracy">Share of them that are right, 0 to 1; 0 if there are none.</param>
public sealed record CalibrationBin(double Low, double High, int Pictures, double Confidence, double Accuracy);

/// <summary>Whether a model is as often right as it says: of pictures at 80%, four of five should be.</summary>
/// <param name="Bins">The ranges, in their order.</param>
/// <param name="ExpectedError">
/// Expected calibration error, 0 to 1: the mean over the pictures of the distance between confidence and accuracy in their range
/// (Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3).
/// </param>
public sealed record Calibration(IReadOnlyList<CalibrationBin> Bins, double ExpectedError)
{
    /// <summary>Ranges of equal width: those of Guo et al. 2017, section 4.</summary>
    public const int BinCount = 15;

    /// <summary>Counts.</summary>
    /// <param name="predictions">Probability of the predicted class, 0 to 1, and whether it is right, of each picture.</param>
    internal static Calibration Count(IEnumerable<(double Probability, bool IsRight)> predictions)
    {
        var (counts, confidence, right) = (new int[BinCount], new double[BinCount], new int[BinCount]);
        foreach (var (probability, isRight) in predictions)
        {
            var bin = Math.Clamp((int)Math.Ceiling(probability * BinCount) - 1, 0, BinCount - 1);
            counts[bin]++;
            confidence[bin] += probability;
            right[bin] += isRight ? 1 : 0;
        }

        CalibrationBin[] bins = [.. Enumerable.Range(0, BinCount).Select(bin => new CalibrationBin(
            (double)bin / BinCount,
            (bin + 1.0) / BinCount,
            counts[bin],
            counts[bin] == 0 ? 0 : confidence[bin] / counts[bin],
            counts[bin] == 0 ? 0 : (double)right[bin] / counts[bin]))];
        var pictures = counts.Sum();
        return new Calibration(
            bins,
            pictures == 0 ? 0 : bins.Sum(bin => bin.Pictures * Math.Abs(bin.Accuracy - bin.Confidence)) / pictures);
    }
}
