namespace MlNetAlexNet.Training.Runs;

/// <summary>Progress handled at once, on the thread that reports it, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class Relay(Action<TrainingProgress> handle) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => handle(value);
}
