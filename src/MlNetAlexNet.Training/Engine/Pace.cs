namespace MlNetAlexNet.Training.Engine;

/// <summary>The clock of one epoch: pictures a second, and the time left to the end of the last epoch.</summary>
/// <param name="clock">Which tells it.</param>
/// <param name="epochs">Of the training.</param>
/// <param name="stepsPerEpoch">Of each.</param>
/// <param name="epoch">This one, from 1.</param>
/// <param name="begun">Seconds of it before the training was resumed.</param>
internal sealed class Pace(TimeProvider clock, int epochs, int stepsPerEpoch, int epoch, double begun = 0)
{
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _training;

    /// <summary>Since it began.</summary>
    public TimeSpan Elapsed => TimeSpan.FromSeconds(begun) + clock.GetElapsedTime(_start);

    public void EndTraining() => _training = Elapsed;

    public StepCompleted CompleteStep(Tally tally, double rate)
    {
        var (step, elapsed) = (tally.Batches, Elapsed);
        var stepsLeft = (long)(epochs - epoch + 1) * stepsPerEpoch - step;
        return new StepCompleted(
            epoch, step, tally.LastLoss, rate, PerSecond(tally.Pictures, elapsed), elapsed / step * stepsLeft);
    }

    /// <param name="train">Of the pictures learnt.</param>
    /// <param name="hasClasses">Whether they are of classes.</param>
    /// <param name="validation">Null without.</param>
    /// <param name="rate">Of the last step.</param>
    /// <param name="isBest">So far.</param>
    public EpochCompleted CompleteEpoch(Tally train, bool hasClasses, Tally? validation, double rate, bool isBest) => new(
        epoch,
        rate,
        train.Loss,
        hasClasses ? train.Accuracy : null,
        validation?.Loss,
        validation?.Accuracy,
        isBest,
        Elapsed.TotalSeconds,
        PerSecond(train.Pictures, _training))
    {
        ValidationTop5 = validation?.Top5,
    };

    private static double PerSecond(int pictures, TimeSpan elapsed) => pictures / Math.Max(elapsed.TotalSeconds, 1e-9);
}
