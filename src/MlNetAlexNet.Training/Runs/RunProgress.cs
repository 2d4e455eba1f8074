namespace MlNetAlexNet.Training.Runs;

/// <summary>The pictures of a run were found and every one was decoded, now or for an earlier run.</summary>
/// <param name="Classes">The classes, in the order of the scores.</param>
/// <param name="Train">Pictures to train on.</param>
/// <param name="Validation">Pictures to validate on.</param>
/// <param name="Test">Pictures to test on.</param>
/// <param name="LeftOut">Pictures that cannot be decoded and were left out.</param>
public sealed record PicturesFound(
    IReadOnlyList<string> Classes,
    int Train,
    int Validation,
    int Test,
    IReadOnlyList<string> LeftOut) : TrainingProgress;

/// <summary>The model zip is on disk.</summary>
/// <param name="Path">Where.</param>
public sealed record ModelSaved(string Path) : TrainingProgress;

/// <summary>The model is being quantized; reported first with none done.</summary>
/// <param name="Done">Calibration pictures so far.</param>
/// <param name="Total">Calibration pictures in all.</param>
public sealed record Quantizing(int Done, int Total) : TrainingProgress;

/// <summary>One more picture was scored through the model zip.</summary>
/// <param name="Done">Pictures so far.</param>
/// <param name="Total">Pictures in all.</param>
public sealed record PictureScored(int Done, int Total) : TrainingProgress;
