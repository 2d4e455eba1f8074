namespace MlNetAlexNet.Training.Checkpoints;

/// <summary>
/// Writes the checkpoints of a training beside it, from a copy. What one takes decides when the next may be: never more than
/// a fiftieth of the time goes into them. One that cannot be written is told, and the training goes on.
/// </summary>
internal sealed class CheckpointWriter : IDisposable
{
    // What a drive writes in a second, until it is known.
    private const double BytesPerSecond = 200e6;

    private static readonly TimeSpan s_pauseAfterFault = TimeSpan.FromMinutes(1);

    private readonly CheckpointFolder _folder;
    private readonly RunFacts _run;
    private readonly TimeSpan? _interval;
    private readonly TrainingObservation _observation;
    private Task<TimeSpan>? _writing;
    private TimeSpan _pause;
    private long _last;

    /// <param name="folder">Where.</param>
    /// <param name="run">What they are of.</param>
    /// <param name="interval">
    /// Within an epoch, the least time from one to the next; the end of an epoch has one as well. Null for none at all.
    /// </param>
    /// <param name="bytes">About what one has.</param>
    /// <param name="observation">Of the training.</param>
    public CheckpointWriter(
        CheckpointFolder folder, RunFacts run, TimeSpan? interval, long bytes, TrainingObservation observation)
    {
        (_folder, _run, _interval, _observation) = (folder, run, interval, observation);
        _pause = TimeSpan.FromSeconds(bytes / BytesPerSecond) * observation.CheckpointShare;
        _last = observation.Clock.GetTimestamp();
    }

    /// <summary>What the training goes on from; null from its start.</summary>
    public Checkpoint? Resumed { get; init; }

    /// <summary>Whether it is time for one.</summary>
    /// <param name="endsEpoch">Whether an epoch has just ended.</param>
    public bool IsDue(bool endsEpoch)
    {
        if (_interval is not { } within || _writing is { IsCompleted: false })
            return false;

        Settle();
        return _observation.Clock.GetElapsedTime(_last) >= (endsEpoch || _pause > within ? _pause : within);
    }

    /// <summary>Writes one in the background.</summary>
    /// <param name="take">Makes the copy.</param>
    public void Write(Func<TrainingSnapshot> take)
    {
        Settle();
        var (clock, start) = (_observation.Clock, _observation.Clock.GetTimestamp());
        _last = start;
        try
        {
            var snapshot = take();
            _writing = Task.Run(() =>
            {
                _folder.Write(_run, snapshot);
                return clock.GetElapsedTime(start); // as if the training had stood still for it
            });
        }
        catch (OutOfMemoryException fault)
        {
            Tell(fault);
        }
    }

    /// <summary>Writes one now: the training ends, to be gone on with.</summary>
    public void WriteLast(Func<TrainingSnapshot> take)
    {
        if (_interval is null)
            return;

        Write(take);
        Settle();
    }

    /// <summary>Waits for what is being written.</summary>
    public void Dispose() => Settle();

    // On the thread of the training, which receives its progress.
    private void Settle()
    {
        if (_writing is not { } writing)
            return;

        _writing = null; // with it goes the copy
        try
        {
            _pause = writing.GetAwaiter().GetResult() * _observation.CheckpointShare;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            Tell(fault);
        }
    }

    private void Tell(Exception fault)
    {
        _pause = s_pauseAfterFault;
        _observation.Progress?.Report(new WritingFailed("A checkpoint", fault.Message));
    }
}
