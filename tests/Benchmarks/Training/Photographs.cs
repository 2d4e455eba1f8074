using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Benchmarks.Training;

/// <summary>The first of the photographs to train on, decoded.</summary>
internal sealed class Photographs : IDisposable
{
    private readonly RunPictures _pictures;

    public Photographs(Settings settings, int count, int batch)
    {
        var options = new RunOptions { Data = settings.Pictures };
        _pictures = RunPictures.Open(
            ImageFolder.Open(options.Data, options.Split), [], PictureForm.Default, options, new TrainingObservation());
        Batches = new BatchSource(
            new PixelRows(_pictures.Train.Set, [.. _pictures.Train.Rows.Take(count)]),
            batch,
            side: OurTraining.Side,
            new TrainingObservation().LoadingThreads);
    }

    public BatchSource Batches { get; }

    public int Classes => _pictures.Folder.Classes.Count;

    public void Dispose()
    {
        Batches.Dispose();
        _pictures.Dispose();
    }
}
