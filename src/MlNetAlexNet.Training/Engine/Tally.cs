using MlNetAlexNet.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Loss and accuracy over all pictures of a pass. The sums are made where the network is computed; what is told of them
/// is as of the last <see cref="Read"/>.
/// </summary>
/// <param name="batches">Of the pass.</param>
/// <param name="perReading">Batches from reading to reading.</param>
/// <param name="device">Where the network is computed.</param>
/// <param name="begun">What was added before, the pictures among the top five apart. Default: nothing.</param>
internal sealed class Tally(int batches, int perReading, torch.Device device, TallyState? begun = null) : IDisposable
{
    // Sum of the pictures' costs, pictures that are right, the last batch's loss, pictures whose class is among the top five.
    private readonly Tensor _sums =
        tensor([begun?.Cost ?? 0, begun?.Right ?? 0, begun?.LastLoss ?? 0, 0], ScalarType.Float64, device).DetachFromDisposeScope();
    private double[] _read = [begun?.Cost ?? 0, begun?.Right ?? 0, begun?.LastLoss ?? 0, 0];

    public int Batches { get; private set; } = begun?.Batches ?? 0;

    public int Pictures { get; private set; } = begun?.Pictures ?? 0;

    /// <summary>What was added so far; waits for it.</summary>
    public TallyState State
    {
        get
        {
            Read();
            return new TallyState(_read[0], _read[1], _read[2], Batches, Pictures);
        }
    }

    public double LastLoss => _read[2];

    public double Loss => _read[0] / Pictures;

    public double Accuracy => _read[1] / Pictures;

    /// <summary>Of a pass that <see cref="AddTop5"/> was asked for.</summary>
    public double Top5 => _read[3] / Pictures;

    /// <summary>Adds a batch; waits for nothing.</summary>
    /// <param name="cost">The mean over the batch: one number.</param>
    /// <param name="logits">N x classes.</param>
    /// <param name="labels">N, classes from 0.</param>
    /// <returns>Whether it is time to read.</returns>
    public bool Add(Tensor cost, Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var count = (int)labels.shape[0];
        var loss = cost.to(ScalarType.Float64);
        var right = logits.argmax(1).eq(labels)              // N
            .sum().to(ScalarType.Float64);                   // one number
        _sums[0].add_(loss, alpha: count);
        _sums[1].add_(right);
        _sums[2].copy_(loss);
        Pictures += count;
        return ++Batches % perReading == 0 || Batches == batches;
    }

    /// <summary>Adds what of a batch is among the five most probable classes; before <see cref="Add"/> of it.</summary>
    /// <param name="logits">N x classes.</param>
    /// <param name="labels">N, classes from 0.</param>
    public void AddTop5(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var own = logits.gather(1, labels.unsqueeze(1));     // N x 1
        var rank = logits.gt(own).sum(dim: 1);               // N, classes that are more probable
        _sums[3].add_(rank.lt(5).sum().to(ScalarType.Float64));
    }

    /// <summary>Waits for the batches added so far.</summary>
    /// <returns>The loss of the last one; one that is not finite if there was such a one before.</returns>
    public double Read()
    {
        using var scope = NewDisposeScope();
        _read = [.. _sums.cpu().data<double>()];
        return double.IsFinite(LastLoss) && !double.IsFinite(_read[0]) ? _read[0] : LastLoss;
    }

    public void Dispose() => _sums.Dispose();
}
