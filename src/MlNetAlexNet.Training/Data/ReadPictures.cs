namespace MlNetAlexNet.Training.Data;

/// <summary>Counts pictures that many threads read, and tells of each, one after the other.</summary>
/// <param name="progress">Is told; null for nobody.</param>
/// <param name="stage">What they are read for.</param>
/// <param name="total">How many there are; null where nobody knows.</param>
internal sealed class ReadPictures(IProgress<TrainingProgress>? progress, PictureStage stage, long? total)
{
    private readonly Lock _telling = new();
    private long _done;

    /// <summary>One more was read.</summary>
    public void Add()
    {
        if (progress is null)
            return;

        lock (_telling)
            progress.Report(new PicturesReading(stage, ++_done, total));
    }
}
