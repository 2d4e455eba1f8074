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

    /// <param name="lessons">What the teacher says.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="network">That learns.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="compute">The computing format.</param>
    public Distillation(
        TeacherLessons lessons, TrainingOptions options, TorchNetwork network, torch.Device device, ScalarType compute)
    {
        (_lessons, _options, _device) = (lessons, options.Teacher!, device);
        Parameters = lessons.KnowsClasses && _options.FeatureWeight > 0
            ? DrawMap(lessons.Width, network.HiddenWidth, options.Seed, device, compute)
            : [];
    }

    /// <summary>What the optimizer changes beside the network: none, or features x hidden and features.</summary>
    public IReadOnlyList<TorchParameter> Parameters { get; }

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
        var there = features.to(_device);                                                      // N x features
        if (!_lessons.KnowsClasses)
            return mixing.Cost(there, of => functional.mse_loss(logits, of));

        var cost = labelCost * (1 - _options.PredictionWeight);
        if (_options.PredictionWeight > 0)
        {
            var temperature = _options.Temperature;
            var probabilities = _lessons.Predict(features, rows, temperature).to(_device); // N x classes
            cost += mixing.Cost(probabilities, of => functional.cross_entropy(logits / temperature, of))
                * (_options.PredictionWeight * temperature * temperature);
        }

        if (Parameters is [var kernel, var bias])
        {
            var mapped = functional.linear(hidden, kernel.Compute, bias.Compute).to(ScalarType.Float32); // N x features
            cost += mixing.Cost(there, of => functional.mse_loss(mapped, of)) * _options.FeatureWeight;
        }

        return cost;
    }

    public void Dispose()
    {
        foreach (var parameter in Parameters)
            parameter.Dispose();
    }

    // LeCun et al. 1998, "Efficient BackProp", section 4.6: of inputs of deviation 1 outputs of deviation 1.
    private static IReadOnlyList<TorchParameter> DrawMap(
        int features, int hidden, int seed, torch.Device device, ScalarType compute)
    {
        var random = new Random(seed);
        var end = Math.Sqrt(3.0 / hidden);
        float[] kernel = [.. Enumerable.Range(0, features * hidden).Select(_ => (float)(end * (2 * random.NextDouble() - 1)))];
        return
        [
            new TorchParameter("teacher/kernel", new Weight([features, hidden], kernel), device, compute),
            new TorchParameter("teacher/bias", new Weight([features], new float[features]), device, compute),
        ];
    }
}
