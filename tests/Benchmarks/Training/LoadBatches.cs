using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Benchmarks.Training;

/// <summary>
/// <c>load-batches</c>: the training pictures read from the pixel cache, cut and mirrored into batches on which nobody
/// trains, by more threads and by one.
/// </summary>
internal static class LoadBatches
{
    private const int Batch = 64;

    public static IEnumerable<Result> Run(Settings settings)
    {
        var run = new RunOptions { Data = settings.Pictures };
        using var pictures = RunPictures.Open(
            ImageFolder.Open(run.Data, run.Split), [], PictureForm.Default, run, new TrainingObservation());
        return Comparison.Run(
            "load-batches",
            "images/s",
            settings.Rounds,
            Loading(pictures.Train, threads: 1),
            Loading(pictures.Train, threads: 2),
            Loading(pictures.Train, threads: 4),
            Loading(pictures.Train, threads: 1, "resized crops", new() { SmallestArea = 0.35 }),
            Loading(pictures.Train, threads: 1, "and colours", new() { SmallestArea = 0.35, ColorJitter = 0.2 }),
            Loading(pictures.Train, threads: 1, "and one change of fourteen", new()
            {
                SmallestArea = 0.35, ColorJitter = 0.2, TrivialAugment = true, RandomErasing = 0.25,
            })).ToList();
    }

    private static Contender Loading(
        PixelRows pictures, int threads, string what = "", Augmentation? augmentation = null)
    {
        var source = new BatchSource(pictures, Batch, side: 227, threads);
        return new($"{threads} loading thread{(threads == 1 ? "" : "s")}{(what == "" ? "" : ", ")}{what}", () => source.Count / Comparison.Seconds(() =>
        {
            foreach (var _ in source.Shuffle(seed: 1, epoch: 1, augmentation ?? new Augmentation()))
            {
                // Loading alone is measured.
            }
        }));
    }
}
