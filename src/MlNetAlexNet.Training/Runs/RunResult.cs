using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Quantization;

namespace MlNetAlexNet.Training.Runs;

/// <summary>What a training run has left.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="History">The epochs that ended.</param>
/// <param name="IsCancelled">Whether it was ended early; the model is then that of the best epoch so far.</param>
/// <param name="HasModel">Whether there is a model zip; false if the run was ended before its first epoch.</param>
/// <param name="Metrics">Metrics of the test pictures; null without those or a model, or if ended before.</param>
/// <param name="Quantized">
/// The quantized zip beside the float32 one; null if none was asked for, if it lost too much, or if ended before.
/// </param>
/// <param name="Fault">
/// What went wrong once there was a model to keep, in words: the training diverged after the epoch whose weights it has,
/// the quantized model lost too much and was not kept, a picture could no longer be read, or the run folder not be written. Null if nothing did.
/// </param>
public sealed record RunResult(
    RunFolder Folder,
    IReadOnlyList<EpochCompleted> History,
    bool IsCancelled,
    bool HasModel,
    Metrics? Metrics,
    QuantizationResult? Quantized = null,
    AlexNetException? Fault = null)
{
    /// <summary>
    /// The model zip, where there is one: in the folder for temporary files if the run folder could not be written, which
    /// <see cref="Fault"/> says.
    /// </summary>
    public string Model { get; init; } = Folder.Model;

    /// <summary>Whether the folder has a report to look at. Default false.</summary>
    public bool HasReport { get; init; }
}
