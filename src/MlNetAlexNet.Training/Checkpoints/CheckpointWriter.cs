namespace MlNetAlexNet.Training.Checkpoints;

/// <summary>
/// Writes the checkpoints of a training beside it, from a copy. What one takes decides when the next may be: never more than
/// a fiftieth of the time goes into them. One that cannot be written is told, and the training goes on.
/// </summary>
/// <param name="folder">Where.</param>
/// <param name="run">What they are of.</param>
/// <param name="interval">
/// Within an epoch, the least time from one to the next; the end of an epoch has one as well. Null for none at all.
/// </param>
/// <param name="observation">Of the training.</param>
internal sealed class CheckpointWriter(
    CheckpointFolder folder, RunFacts run, TimeSpan? interval, TrainingObservation observation) : IDisposable
{
    private readonly TimeProvider _clock = observation.Clock;
    private Task<TimeSpan> _writing = Task.FromResult(TimeSpan.Zero);
    private TimeSpan _pause = TimeSpan.Zero;
    private long _last = observation.Clock.GetTimestamp();

    /// <summary>What the training goes on from; null from its start.</summary>
    public Checkpoint? Resumed { get; init; }

    /// <summary>Whether it is time for one.</summary>
    /// <param name="endsEpoch">Whether an epoch has just ended.</param>
    public bool IsDue(bool endsEpoch)
    {
        if (interval is not { } within || !_writing.IsCompleted)
            return false;

        Settle();
        return _clock.GetElapsedTime(_last) >= (endsEpoch || _pause > within ? _pause : within);
    }

    /// <summary>Writes one in the background.</summary>
    /// <param name="take">Makes the copy.</param>
    public void Write(Func<TrainingSnapshot> take)
    {
        Settle();
        var start = _clock.GetTimestamp();
        var snapshot = take();
        _writing = Task.Run(() =>
        {
            folder.Write(run, snapshot);
            return _clock.GetElapsedTime(start); // as if the training had stood still for it
        });
        _last = start;
    }

    /// <summary>Writes one now: the training ends, to be gone on with.</summary>
    public void WriteLast(Func<TrainingSnapshot> take)
    {
        if (interval is null)
            return;

        Write(take);
        Settle();
    }

    /// <summary>The run has ended: nothing is to be gone on with.</summary>
    public void DeleteAll()
    {
        Settle();
        try
        {
            folder.DeleteAll();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            observation.Progress?.Report(new WritingFailed("A checkpoint", fault.Message));
        }
    }

    /// <summary>Waits for what is being written.</summary>
    public void Dispose() => Settle();

    // On the thread of the training, which receives its progress.
    private void Settle()
    {
        try
        {
            _pause = _writing.GetAwaiter().GetResult() * observation.CheckpointShare;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _pause = interval ?? TimeSpan.Zero; // not at each epoch of a second
            observation.Progress?.Report(new WritingFailed("A checkpoint", fault.Message));
        }

        _writing = Task.FromResult(_pause / observation.CheckpointShare);
    }
}
