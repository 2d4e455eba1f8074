namespace MlNetAlexNet.Training.Runs;

/// <summary>What a training run has left.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="History">The epochs that ended.</param>
/// <param name="Cancelled">Whether it was ended early; the model is then that of the best epoch so far.</param>
/// <param name="HasModel">Whether there is a model zip; false if the run was ended before its first epoch.</param>
/// <param name="Metrics">Metrics of the test pictures; null without those or a model, or if ended before.</param>
/// <param name="Quantized">The quantized zip beside the float32 one; null if none was asked for, or if ended before.</param>
public sealed record RunResult(
    RunFolder Folder,
    IReadOnlyList<EpochCompleted> History,
    bool Cancelled,
    bool HasModel,
    Metrics? Metrics,
    QuantizationResult? Quantized = null);
