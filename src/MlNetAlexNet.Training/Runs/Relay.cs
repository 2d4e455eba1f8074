namespace MlNetAlexNet.Training.Runs;

/// <summary>Progress handled at once, on the thread that reports it; <see cref="Progress{T}"/> would post it elsewhere.</summary>
internal sealed class Relay(Action<TrainingProgress> handle) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => handle(value);
}
