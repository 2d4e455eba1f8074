namespace MlNetAlexNet.Training.Engine;

/// <summary>The clock of one epoch: pictures a second, and the time left to the end of the last epoch.</summary>
internal sealed class Pace(TimeProvider clock, int epochs, int stepsPerEpoch, int epoch)
{
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _training;

    public void EndTraining() => _training = clock.GetElapsedTime(_start);

    public StepCompleted CompleteStep(Tally tally, double rate)
    {
        var (step, elapsed) = (tally.Batches, clock.GetElapsedTime(_start));
        var stepsLeft = (long)(epochs - epoch + 1) * stepsPerEpoch - step;
        return new StepCompleted(
            epoch, step, tally.LastLoss, rate, PerSecond(tally.Pictures, elapsed), elapsed / step * stepsLeft);
    }

    public EpochCompleted CompleteEpoch(Tally train, Tally? validation, double rate, bool isBest) => new(
        epoch,
        rate,
        train.Loss,
        train.Accuracy,
        validation?.Loss,
        validation?.Accuracy,
        isBest,
        clock.GetElapsedTime(_start).TotalSeconds,
        PerSecond(train.Pictures, _training));

    private static double PerSecond(int pictures, TimeSpan elapsed) => pictures / Math.Max(elapsed.TotalSeconds, 1e-9);
}
