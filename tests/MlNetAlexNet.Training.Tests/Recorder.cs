namespace MlNetAlexNet.Training.Tests;

/// <summary>Keeps all progress, at once and in order; <see cref="Progress{T}"/> would hand it to another thread.</summary>
internal sealed class Recorder(Action<TrainingProgress>? also = null) : IProgress<TrainingProgress>
{
    private readonly List<TrainingProgress> _all = [];

    public IEnumerable<StepCompleted> Steps => _all.OfType<StepCompleted>();

    public TrainingStarted Started => _all.OfType<TrainingStarted>().Single();

    public void Report(TrainingProgress value)
    {
        _all.Add(value);
        also?.Invoke(value);
    }
}
