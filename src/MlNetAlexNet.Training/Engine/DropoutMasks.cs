using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Dropout of one training. On the CPU the masks come from a generator of its own. TorchSharp cannot make one on a GPU,
/// so there they come from the one that the whole process shares, seeded when a training starts.
/// </summary>
/// <param name="seed">Of the training.</param>
/// <param name="device">Where it runs.</param>
internal sealed class DropoutMasks(int seed, torch.Device device) : IDisposable
{
    private readonly Generator? _own =
        device.type == DeviceType.CPU ? new Generator((ulong)(uint)seed, device) : SeedShared(seed);

    /// <summary>A tensor of the same shape, and on the mean of the same values.</summary>
    public Tensor Drop(Tensor x, double rate) => _own is { } own ? DropBy(own, x, rate) : DropByTorch(x, rate);

    /// <summary>Torch's own: one pass over memory on a GPU.</summary>
    internal static Tensor DropByTorch(Tensor x, double rate) => functional.dropout(x, rate, training: true);

    public void Dispose() => _own?.Dispose();

    private static Tensor DropBy(Generator generator, Tensor x, double rate)
    {
        var kept = empty_like(x).bernoulli_(1 - rate, generator);
        return x * kept.div_(1 - rate);
    }

    private static Generator? SeedShared(int seed)
    {
        cuda.manual_seed_all((uint)seed);
        return null;
    }
}
