namespace MlNetAlexNet.Training.Checkpoints;

/// <summary>A checkpoint that is whole.</summary>
/// <param name="Path">Of its manifest.</param>
/// <param name="Run">What it is of.</param>
/// <param name="Position">Where the training is.</param>
/// <param name="Load">Reads its tensors, which are hundreds of megabytes.</param>
internal sealed record Checkpoint(string Path, RunFacts Run, TrainingPosition Position, Func<TrainingSnapshot> Load);
