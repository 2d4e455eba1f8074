namespace MlNetAlexNet.Cli.Progress;

/// <summary>Sees to it that a log gets a line every half a minute, whatever is under way.</summary>
internal sealed class Heartbeat : IDisposable
{
    /// <summary>From one line to the next; with what a busy machine is late it is below half a minute.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(25);

    private readonly ITimer _timer;

    /// <param name="clock">Which tells when.</param>
    /// <param name="beat">Writes the line, on any thread.</param>
    public Heartbeat(TimeProvider clock, Action beat) =>
        _timer = clock.CreateTimer(_ => beat(), state: null, Interval, Timeout.InfiniteTimeSpan);

    /// <summary>A line was written.</summary>
    public void Restart() => _timer.Change(Interval, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}
