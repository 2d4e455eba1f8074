namespace MlNetAlexNet.Training.Checkpoints;

/// <summary>A checkpoint that was read.</summary>
/// <param name="Path">Of its manifest.</param>
/// <param name="Run">What it is of.</param>
/// <param name="Snapshot">The training.</param>
internal sealed record Checkpoint(string Path, RunFacts Run, TrainingSnapshot Snapshot);
