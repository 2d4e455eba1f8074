using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Engine.Native;
using MlNetAlexNet.Training.Runs;
using static TorchSharp.torch;

namespace MlNetAlexNet.Benchmarks.Training;

/// <summary>
/// <c>train-epoch</c>: the training loop on photographs, read from the pixel cache, cut and mirrored, by the bare step
/// on noise.
/// </summary>
internal static class TrainEpoch
{
    private const int Batch = 128;
    private const int Steps = 10;

    public static IEnumerable<Result> Run(Settings settings)
    {
        NativeLibTorch.EnsureLoaded();
        var format = Processor.HasAvx512Bf16 ? ScalarType.BFloat16 : ScalarType.Float32;
        using var photographs = new Photographs(settings, Steps * Batch, Batch);
        using var step = new OurStep(Batch, format);
        return Comparison.Run(
            "train-epoch",
            "images/s",
            settings.Rounds,
            new("the step alone", () => step.ImagesPerSecond(Steps)),
            new Contender("an epoch of photographs", () => ImagesPerSecond(new()), Bar.AtLeast(0.95)),
            new Contender(
                "resized crops and colours",
                () => ImagesPerSecond(new() { SmallestArea = 0.35, ColorJitter = 0.2 }),
                Bar.AtLeast(0.95)),
            new Contender(
                "and one change of fourteen, erasing, mixing",
                () => ImagesPerSecond(new()
                {
                    SmallestArea = 0.35, ColorJitter = 0.2, TrivialAugment = true, RandomErasing = 0.25, Mixup = 0.2, CutMix = 1,
                })));

        // Of the second epoch: in the first one the memory is got that the others reuse.
        double ImagesPerSecond(Augmentation augmentation) => OurTraining.Run(
            photographs.Batches,
            photographs.Classes,
            dropout: 0.5,
            new TrainingOptions { Epochs = 2, Device = MlNetAlexNet.Training.Device.Cpu, Augmentation = augmentation },
            new TrainingObservation()).History[1].ImagesPerSecond;
    }
}
