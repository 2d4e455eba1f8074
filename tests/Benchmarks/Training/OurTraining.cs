using System.Globalization;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Engine;

namespace MlNetAlexNet.Benchmarks.Training;

/// <summary>The training loop as it trains the Keras preset, without validation.</summary>
internal static class OurTraining
{
    /// <summary>Side of its squares, in pixels.</summary>
    public const int Side = 227;

    public static TrainingOutcome Run(
        BatchSource batches, int classes, double dropout, TrainingOptions options, TrainingObservation observation)
    {
        var plan = AlexNet.Keras(classes, dropout).Plan();
        var model = new TrainedModel(
            plan,
            WeightInitializer.HeNormal(plan, new Random(1)),
            new ImagePreprocessing(Side, [120, 120, 120], [60, 60, 60]),
            [.. Enumerable.Range(0, classes).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
        return TrainingLoop.Run(
            new StartingModel(model, MeasuresPictures: false, MeasuresNormalization: false)
            {
                FrozenLayers = LayerGroups.CountFrozen(plan, options, isTrained: true),
            },
            model.Preprocessing,
            batches,
            validation: null,
            [.. Enumerable.Repeat(1f, classes)],
            lessons: null,
            options,
            observation);
    }
}
