using MlNetAlexNet.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// One trained weight: its 32-bit master and the copy that is computed with, both of the <see cref="Dimensions"/> and in
/// the memory order of <see cref="ChannelsLast"/>. The copy is the master in the computing format: who changes one
/// changes both.
/// </summary>
internal sealed class TorchParameter : IDisposable
{
    public TorchParameter(string key, Weight weight, torch.Device device, ScalarType compute)
    {
        Key = key;
        Dimensions = weight.Dimensions;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var sides = weight.Dimensions.Select(side => (long)side).ToArray();
        var values = tensor(weight.Values, ScalarType.Float32);
        Master = ChannelsLast.Of(values.reshape(sides)).to(device, copy: true).DetachFromDisposeScope();
        Compute = compute == ScalarType.Float32 ? Master : Master.to(compute).DetachFromDisposeScope();
        Compute.requires_grad_(true);
    }

    /// <summary>As in the plan.</summary>
    public string Key { get; }

    /// <summary>
    /// As in the plan: a kernel is filters x (C / groups) x height x width or units x features; a bias has one.
    /// </summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>Its learning rate by that of the training. Default 1.</summary>
    public double RateFactor { get; init; } = 1;

    /// <summary>What of each weight is added to its gradient, in place of the optimizer's weight decay. Default null: that is.</summary>
    public double? Decay { get; init; }

    /// <summary>32 bits; needs no gradient where <see cref="Compute"/> is another tensor.</summary>
    public Tensor Master { get; }

    /// <summary>The leaf of the graph: the master itself in 32 bits, else a copy in the computing format.</summary>
    public Tensor Compute { get; }

    /// <summary>Makes the computing copy that of the master; without gradients.</summary>
    public void RefreshCopy()
    {
        if (!ReferenceEquals(Compute, Master))
            Compute.copy_(Master);
    }

    /// <summary>The master, copied.</summary>
    public Weight ToWeight()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // Flat: of more dimensions TorchSharp copies number by number, three times as slowly.
        return new Weight(Dimensions, Master.detach().cpu().flatten().data<float>().ToArray());
    }

    public void Dispose()
    {
        Compute.Dispose();
        Master.Dispose();
    }
}
