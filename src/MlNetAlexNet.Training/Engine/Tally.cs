using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>Loss and accuracy over all pictures of a pass.</summary>
internal sealed class Tally
{
    private double _cost;
    private long _correct;

    public int Pictures { get; private set; }

    public double LastLoss { get; private set; }

    public double Loss => _cost / Pictures;

    public double Accuracy => (double)_correct / Pictures;

    /// <summary>Adds a batch and returns its loss.</summary>
    /// <param name="cost">The mean over the batch: one number.</param>
    /// <param name="logits">N x classes.</param>
    /// <param name="labels">N, classes from 0.</param>
    public double Add(Tensor cost, Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        LastLoss = cost.item<float>();
        var count = (int)labels.shape[0];
        _cost += LastLoss * count;
        _correct += logits.argmax(1).eq(labels)              // N
            .sum().item<long>();
        Pictures += count;
        return LastLoss;
    }
}
