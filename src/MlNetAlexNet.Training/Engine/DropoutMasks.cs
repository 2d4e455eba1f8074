using MlNetAlexNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Dropout of one training. The masks are a function of seed and step, so that a training goes on as if it had never been
/// interrupted. On the CPU they come from a generator of its own. TorchSharp cannot make one on a GPU, so there they come
/// from the one that the whole process shares.
/// </summary>
/// <param name="seed">Of the training.</param>
/// <param name="device">Where it runs.</param>
internal sealed class DropoutMasks(int seed, torch.Device device) : IDisposable
{
    private readonly Generator? _own = device.type == DeviceType.CPU ? new Generator(0, device) : null;

    /// <summary>What is dropped from now on is that of this step.</summary>
    /// <param name="step">Over the whole training, from 0.</param>
    public void BeginStep(int step)
    {
        // Other bits than those that batches are mixed by, which are of the step itself.
        var bits = (long)(new PictureRandom(seed, epoch: 0, ~step).NextBits() >> 1);
        if (_own is not null)
            _own.manual_seed(bits);
        else
            cuda.manual_seed_all(bits);
    }

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
}
