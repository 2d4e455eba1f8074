using MlNetAlexNet.Training;

namespace MlNetAlexNet.Cli;

/// <summary>Progress handled at once, in order, on the thread that reports it.</summary>
internal sealed class DirectProgress(Action<TrainingProgress> handle) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => handle(value);
}
