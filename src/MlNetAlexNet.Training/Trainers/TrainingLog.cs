using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.ML.Runtime;

namespace MlNetAlexNet.Training.Trainers;

/// <summary>
/// Writes start and epochs to ML.NET's own log (<c>MLContext.Log</c>) and to the user's, and passes all progress on.
/// </summary>
internal sealed partial class TrainingLog(IHostEnvironment environment, TrainingObservation observation)
    : IProgress<TrainingProgress>, IDisposable
{
    private readonly IChannel _channel = environment.Start("AlexNet");

    public void Report(TrainingProgress value)
    {
        if (Format(value) is { } line)
        {
            _channel.Info(MessageSensitivity.None, line);
            if (observation.Log is { } log)
                Write(log, line);
        }

        observation.Progress?.Report(value);
    }

    public void Dispose() => _channel.Dispose();

    private static string? Format(TrainingProgress progress) => progress switch
    {
        TrainingStarted started =>
            $"Training on {started.Device} in {started.Precision} ({started.PrecisionReason}; {started.Repeatability}): "
            + $"{started.TrainPictures} pictures, {started.ValidationPictures} for validation; {started.Input}.",
        TeacherReady teacher => string.Create(
            CultureInfo.InvariantCulture,
            $"The teacher {teacher.Model} gives {teacher.Features} features of {teacher.Views} views of each picture, after {teacher.Seconds:0} s."),
        EpochCompleted { TrainAccuracy: null } epoch => string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {epoch.Epoch}: loss {epoch.TrainLoss:0.0000}, {epoch.ImagesPerSecond:0.0} images/s."),
        EpochCompleted epoch => string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {epoch.Epoch}: loss {epoch.TrainLoss:0.0000}, accuracy {epoch.TrainAccuracy:0.0000}, "
            + $"validation loss {epoch.ValidationLoss:0.0000}, validation accuracy {epoch.ValidationAccuracy:0.0000}, "
            + $"{epoch.ImagesPerSecond:0.0} images/s."),
        _ => null,
    };

    [LoggerMessage(LogLevel.Information, "{Line}")]
    private static partial void Write(ILogger log, string line);
}
