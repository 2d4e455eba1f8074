using MlNetAlexNet.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// One trained weight: its 32-bit master, the copy that is computed with, and the optimizer's momentum, all in the memory
/// order of <see cref="ChannelsLast"/>.
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
        Momentum = zeros_like(Master).DetachFromDisposeScope();
        Compute = compute == ScalarType.Float32 ? Master : Master.to(compute).DetachFromDisposeScope();
        Compute.requires_grad_(true);
    }

    public string Key { get; }

    public IReadOnlyList<int> Dimensions { get; }

    public Tensor Master { get; }

    /// <summary>The leaf of the graph: the master itself in 32 bits, else a copy in the computing format.</summary>
    public Tensor Compute { get; }

    public Tensor Momentum { get; }

    public Weight ToWeight()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return new Weight(Dimensions, Master.detach().cpu().contiguous().data<float>().ToArray());
    }

    public void Dispose()
    {
        Compute.Dispose();
        Master.Dispose();
        Momentum.Dispose();
    }
}
