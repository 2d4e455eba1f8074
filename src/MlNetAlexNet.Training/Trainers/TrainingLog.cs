using System.Globalization;
using Microsoft.ML.Runtime;

namespace MlNetAlexNet.Training.Trainers;

/// <summary>Writes start and epochs to ML.NET's own log (<c>MLContext.Log</c>) and passes all progress on.</summary>
internal sealed class TrainingLog(IHostEnvironment environment, IProgress<TrainingProgress>? next) : IProgress<TrainingProgress>, IDisposable
{
    private readonly IChannel _channel = environment.Start("AlexNet");

    public void Report(TrainingProgress value)
    {
        switch (value)
        {
            case TrainingStarted started:
                _channel.Info(
                    MessageSensitivity.None,
                    $"Training on {started.Device} in {started.Precision} ({started.PrecisionReason}; {started.Repeatability}): "
                    + $"{started.TrainPictures} pictures, {started.ValidationPictures} for validation.");
                break;
            case EpochCompleted epoch:
                _channel.Info(MessageSensitivity.None, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Epoch {epoch.Epoch}: loss {epoch.TrainLoss:0.0000}, accuracy {epoch.TrainAccuracy:0.0000}, "
                    + $"validation loss {epoch.ValidationLoss:0.0000}, validation accuracy {epoch.ValidationAccuracy:0.0000}, "
                    + $"{epoch.ImagesPerSecond:0.0} images/s."));
                break;
            default:
                break;
        }

        next?.Report(value);
    }

    public void Dispose() => _channel.Dispose();
}
