using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Engine.Native;

namespace MlNetAlexNet.Benchmarks.Training;

/// <summary>
/// <c>train-head</c>: epochs on photographs in which layers keep their weights, once what these make of the pictures is
/// computed, by epochs in which all layers learn; and the epoch that computes it.
/// </summary>
internal static class TrainHead
{
    private const int Batch = 64;
    private const int Count = 20 * Batch;

    public static IEnumerable<Result> Run(Settings settings)
    {
        NativeLibTorch.EnsureLoaded();
        using var photographs = new Photographs(settings, Count, Batch);
        return Comparison.Run(
            "train-head",
            "images/s",
            settings.Rounds,
            new("all layers learn", () => ImagesPerSecond(freezeUntil: null, epoch: 2)),
            new Contender("the last layer learns", () => ImagesPerSecond("dense_2", epoch: 2), Bar.AtLeast(10)),
            new Contender("the dense layers learn", () => ImagesPerSecond("conv2d_5", epoch: 2)),
            new Contender("the last layer learns, first epoch", () => ImagesPerSecond("dense_2", epoch: 1)));

        // Of the whole epoch, with what comes after its last step.
        double ImagesPerSecond(string? freezeUntil, int epoch)
        {
            var options = new TrainingOptions
            {
                Epochs = 2,
                BatchSize = Batch,
                Device = MlNetAlexNet.Training.Device.Cpu,
                FreezeUntil = freezeUntil,
                FrozenViews = freezeUntil is null ? null : 1,
            };
            return Count / OurTraining.Run(photographs.Batches, photographs.Classes, dropout: 0.5, options, new TrainingObservation())
                .History[epoch - 1].Seconds;
        }
    }
}
