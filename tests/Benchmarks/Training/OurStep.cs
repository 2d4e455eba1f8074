using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Benchmarks.Training;

/// <summary>
/// The steps of the training loop on one batch of noise, which is where they are computed: bytes to normalised values,
/// forward, backward, update; the loss is read as often as in training.
/// </summary>
internal sealed class OurStep : IDisposable
{
    private readonly LayerPlan _plan = AlexNet.Keras(10, dropout: 0.5).Plan();
    private readonly TorchNetwork _network;
    private readonly DropoutMasks _dropout;
    private readonly ClassificationLoss _loss;
    private readonly Tally _tally;
    private readonly Sgd _optimizer;
    private readonly List<Tensor> _leaves;
    private readonly Tensor _pixels;
    private readonly Tensor _labels;

    public OurStep(int batch, ScalarType compute)
        : this(batch, compute, CPU)
    {
    }

    public OurStep(int batch, ScalarType compute, TorchSharp.torch.Device device)
    {
        _dropout = new DropoutMasks(1, device);
        _loss = new ClassificationLoss([.. Enumerable.Repeat(1f, 10)], smoothing: 0, device);
        _tally = new Tally(int.MaxValue, TorchDevice.CountStepsPerReading(device), device);
        var preprocessing = new ImagePreprocessing(_plan.Input.Height, [120, 120, 120], [60, 60, 60]);
        _network = new TorchNetwork(_plan, WeightInitializer.HeNormal(_plan, new Random(1)), preprocessing, device, compute);
        _optimizer = new Sgd(_network.Parameters, momentum: 0.9, isNesterov: false, weightDecay: 5e-4);
        _leaves = [.. _network.Parameters.Select(parameter => parameter.Compute)];
        _pixels = randint(0, 256, [batch, _plan.Input.Height, _plan.Input.Width, 3], ScalarType.Byte, device);
        _labels = randint(0, 10, batch, ScalarType.Int64, device);
    }

    public long MultiplyAdds => _plan.MultiplyAdds;

    /// <summary>Images/s of a few steps, after one that gets the memory which training keeps from step to step.</summary>
    public double ImagesPerSecond(int steps)
    {
        using var memory = FreedMemory.Keep();
        Step();
        _tally.Read();
        return _labels.shape[0] * steps / Comparison.Seconds(() =>
        {
            for (var i = 0; i < steps; i++)
                Step();
            _tally.Read(); // a GPU is done only now
        });
    }

    private void Step()
    {
        using var scope = NewDisposeScope();
        var logits = _network.Forward(_network.Normalize(_pixels), _dropout);
        var cost = _loss.Compute(logits, _labels);
        if (_tally.Add(cost, logits, _labels))
            _tally.Read();
        _optimizer.Step(autograd.grad([cost], _leaves), 0.001);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _network.Dispose();
        _dropout.Dispose();
        _loss.Dispose();
        _tally.Dispose();
        _pixels.Dispose();
        _labels.Dispose();
    }
}
