using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Teachers;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// What is learnt from a teacher in a step: its probabilities (Hinton, Vinyals and Dean 2015, section 2) and, by a linear map
/// that only the training has, its features (Romero et al. 2015, "FitNets", equation 3). Where there are no classes the
/// features are the network's outputs.
/// </summary>
internal sealed class Distillation : IDisposable
{
    private readonly TeacherLessons _lessons;
    private readonly TeacherOptions _options;
    private readonly torch.Device _device;
    private readonly TorchParameter _kernel; // features x hidden
    private readonly TorchParameter _bias;   // features

    /// <param name="lessons">What the teacher says.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="network">That learns.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="compute">The computing format.</param>
    public Distillation(
        TeacherLessons lessons, TrainingOptions options, TorchNetwork network, torch.Device device, ScalarType compute)
    {
        (_lessons, _options, _device) = (lessons, options.Teacher!, device);
        var random = new Random(options.Seed);
        var (features, hidden) = (lessons.Width, network.HiddenWidth);
        var deviation = Math.Sqrt(1.0 / hidden); // LeCun et al. 1998: of inputs of deviation 1 outputs of deviation 1
        float[] kernel = [.. Enumerable.Range(0, features * hidden).Select(_ => (float)(deviation * Math.Sqrt(3) * (2 * random.NextDouble() - 1)))];
        _kernel = new TorchParameter("teacher/kernel", new Weight([features, hidden], kernel), device, compute);
        _bias = new TorchParameter("teacher/bias", new Weight([features], new float[features]), device, compute);
    }

    /// <summary>What the optimizer changes beside the network.</summary>
    public IReadOnlyList<TorchParameter> Parameters => _lessons.KnowsClasses && _options.FeatureWeight > 0 ? [_kernel, _bias] : [];

    /// <summary>The cost of a batch with that of the teacher.</summary>
    /// <param name="labelCost">Of the labels: one number.</param>
    /// <param name="hidden">N x values, in the computing format.</param>
    /// <param name="logits">N x classes.</param>
    /// <param name="rows">The N pictures.</param>
    /// <param name="view">Of them, from 1.</param>
    /// <param name="mixing">What was done to the batch.</param>
    /// <returns>One number.</returns>
    public Tensor Extend(
        Tensor labelCost, Tensor hidden, Tensor logits, IReadOnlyList<int> rows, int view, BatchMixing mixing)
    {
        var features = _lessons.TakeFeatures(rows, view);                                      // N x features
        if (!_lessons.KnowsClasses)
            return mixing.Cost(features.to(_device), of => functional.mse_loss(logits, of));

        var cost = labelCost * (1 - _options.PredictionWeight);
        if (_options.PredictionWeight > 0)
        {
            var temperature = _options.Temperature;
            var probabilities = _lessons.Predict(features, rows, temperature).to(_device); // N x classes
            cost += mixing.Cost(probabilities, of => functional.cross_entropy(logits / temperature, of))
                * (_options.PredictionWeight * temperature * temperature);
        }

        if (_options.FeatureWeight > 0)
        {
            var mapped = functional.linear(hidden, _kernel.Compute, _bias.Compute).to(ScalarType.Float32); // N x features
            cost += mixing.Cost(features.to(_device), of => functional.mse_loss(mapped, of)) * _options.FeatureWeight;
        }

        return cost;
    }

    public void Dispose()
    {
        _kernel.Dispose();
        _bias.Dispose();
    }
}
