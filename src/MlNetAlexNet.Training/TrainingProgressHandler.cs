namespace MlNetAlexNet.Training;

/// <summary>
/// Handles progress at once, in order, on the thread that trains; <see cref="Progress{T}"/> would post it to another one.
/// </summary>
/// <param name="handle">Called for each report; training waits for it.</param>
public sealed class TrainingProgressHandler(Action<TrainingProgress> handle) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value) => handle(value);
}
