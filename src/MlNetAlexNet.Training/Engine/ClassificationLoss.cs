using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Cross-entropy of logits (N x classes) and classes from 0 (N), in nats, as PyTorch's <c>cross_entropy</c> averages it
/// over a batch: one number.
/// </summary>
/// <param name="classWeights">One for each class, in the order of the logits.</param>
/// <param name="smoothing">Share of the target spread over all classes.</param>
/// <param name="device">Where the logits are.</param>
internal sealed class ClassificationLoss(IReadOnlyList<float> classWeights, double smoothing, torch.Device device) : IDisposable
{
    private readonly Tensor _weights = tensor(classWeights.ToArray(), device: device).DetachFromDisposeScope();

    /// <summary>What training minimises: with class weights and label smoothing.</summary>
    public Tensor Compute(Tensor logits, Tensor labels) =>
        functional.cross_entropy(logits, labels, _weights, label_smoothing: smoothing);

    /// <summary>What validation reports: every picture counts the same, and no target is smoothed.</summary>
    public static Tensor ComputePlain(Tensor logits, Tensor labels) => functional.cross_entropy(logits, labels);

    public void Dispose() => _weights.Dispose();
}
