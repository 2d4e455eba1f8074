using System.Globalization;

namespace MlNetAlexNet.Reports.Records;

/// <summary>A line of <c>history.csv</c>; what it does not say is null.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="LearningRate">Of its last step.</param>
/// <param name="TrainLoss">What is minimised.</param>
/// <param name="TrainAccuracy">Top-1, 0 to 1.</param>
/// <param name="ValidationLoss">In nats.</param>
/// <param name="ValidationAccuracy">Top-1, 0 to 1.</param>
/// <param name="ValidationTop5">0 to 1.</param>
/// <param name="IsBest">Whether it was the best so far.</param>
/// <param name="Seconds">Of the epoch.</param>
/// <param name="ImagesPerSecond">Of training.</param>
internal sealed record EpochRecord(
    int Epoch,
    double? LearningRate,
    double? TrainLoss,
    double? TrainAccuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    double? ValidationTop5,
    bool IsBest,
    double? Seconds,
    double? ImagesPerSecond)
{
    /// <exception cref="AlexNetException">It cannot be read, or is none.</exception>
    public static IReadOnlyList<EpochRecord> Read(string path)
    {
        return CsvText.Read(path).ConvertAll(row => new EpochRecord(
            Number(row, "epoch") is >= 1 and <= int.MaxValue and var epoch ? (int)epoch : throw new AlexNetException($"'{path}' has a line without an epoch."),
            Number(row, "learning_rate"),
            Number(row, "train_loss"),
            Number(row, "train_accuracy"),
            Number(row, "validation_loss"),
            Number(row, "validation_accuracy"),
            Number(row, "validation_top5"),
            row.GetValueOrDefault("is_best") == "true",
            Number(row, "seconds"),
            Number(row, "images_per_second")));
    }

    private static double? Number(Dictionary<string, string> row, string column) =>
        double.TryParse(row.GetValueOrDefault(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
