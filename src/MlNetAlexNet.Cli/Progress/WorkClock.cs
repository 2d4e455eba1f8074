using System.Globalization;

namespace MlNetAlexNet.Cli.Progress;

/// <summary>The time of the work that is under way.</summary>
/// <param name="clock">Which tells it.</param>
internal sealed class WorkClock(TimeProvider clock)
{
    // An estimate of the first moments is none.
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);

    private long _start = clock.GetTimestamp();

    /// <summary>The work; null before there is one.</summary>
    public Work? Work { get; private set; }

    /// <summary>Since it began.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>To its end; null where nobody knows.</summary>
    public TimeSpan? Left => Work switch
    {
        null => null,
        { Left: { } known } => known,
        { Bars: [{ Share: > 0 and { } share }, ..] } when Elapsed > s_least => Elapsed * ((1 - share) / share),
        _ => null,
    };

    /// <summary><see cref="Left"/> in words, or how long it takes already.</summary>
    public string LeftText => Left is { } left ? $"{Format(left)} left" : $"{Format(Elapsed)} so far";

    /// <summary>Goes on with it; null: as before.</summary>
    public void Follow(Work? work)
    {
        if (work is null)
            return;

        if (work.Name != Work?.Name)
            _start = clock.GetTimestamp();
        Work = work;
    }

    private static string Format(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
}
