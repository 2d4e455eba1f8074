using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetAlexNet.Benchmarks.Training;

/// <summary>The same network as anyone would write it with TorchSharp: 32 bits, <c>Sequential</c>, <c>optim.SGD</c>.</summary>
internal sealed class PlainStep : IDisposable
{
    private readonly Module<Tensor, Tensor> _network = Sequential(
        Conv2d(3, 96, 11, stride: 4), ReLU(), MaxPool2d(3, 2),
        Conv2d(96, 256, 5, padding: 2), ReLU(), MaxPool2d(3, 2),
        Conv2d(256, 384, 3, padding: 1), ReLU(),
        Conv2d(384, 384, 3, padding: 1), ReLU(),
        Conv2d(384, 256, 3, padding: 1), ReLU(), MaxPool2d(3, 2),
        Flatten(),
        Dropout(0.5), Linear(9216, 4096), ReLU(),
        Dropout(0.5), Linear(4096, 4096), ReLU(),
        Linear(4096, 10));

    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _pictures;
    private readonly Tensor _labels;

    public PlainStep(int batch)
    {
        _optimizer = optim.SGD(_network.parameters(), learningRate: 0.001, momentum: 0.9, weight_decay: 5e-4);
        _pictures = randn(batch, 3, 227, 227);
        _labels = randint(0, 10, batch, ScalarType.Int64);
    }

    /// <summary>Images/s of one step.</summary>
    public double ImagesPerSecond() => _labels.shape[0] / Comparison.Seconds(() =>
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        var cost = functional.cross_entropy(_network.forward(_pictures), _labels);
        cost.backward();
        _optimizer.step();
        cost.item<float>();
    });

    public void Dispose()
    {
        _optimizer.Dispose();
        _network.Dispose();
        _pictures.Dispose();
        _labels.Dispose();
    }
}
