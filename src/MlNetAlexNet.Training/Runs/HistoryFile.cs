using System.Globalization;
using MlNetAlexNet.Formats;

namespace MlNetAlexNet.Training.Runs;

/// <summary>
/// <c>history.csv</c>: a line an epoch. The time columns come last, so that two runs of one seed differ only after the
/// eighth comma.
/// </summary>
internal static class HistoryFile
{
    private const string Header =
        "epoch,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy,validation_top5,is_best," +
        "seconds,images_per_second\n";

    public static void Write(IEnumerable<EpochCompleted> epochs, string path) =>
        WholeFile.WriteText(path, Header + string.Concat(epochs.Select(Line)));

    private static string Line(EpochCompleted epoch) => string.Join(',',
        epoch.Epoch.ToString(CultureInfo.InvariantCulture),
        Number(epoch.LearningRate),
        Number(epoch.TrainLoss),
        Number(epoch.TrainAccuracy),
        Number(epoch.ValidationLoss),
        Number(epoch.ValidationAccuracy),
        Number(epoch.ValidationTop5),
        epoch.IsBest ? "true" : "false",
        Number(epoch.Seconds),
        Number(epoch.ImagesPerSecond)) + "\n";

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
