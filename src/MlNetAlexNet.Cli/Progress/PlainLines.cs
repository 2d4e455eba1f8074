using System.Globalization;

namespace MlNetAlexNet.Cli.Progress;

/// <summary>
/// A log for people: what stays, in lines, and where half a minute has nothing of that, how far the work is. Lines that tell how it
/// goes have the time of day; settings and results do not.
/// </summary>
internal sealed class PlainLines : INewsOutput
{
    private readonly TextWriter _progress;
    private readonly TextWriter _results;
    private readonly TextWriter _error;
    private readonly int _columns;
    private readonly TimeProvider _clock;
    private readonly WorkClock _work;
    private readonly Heartbeat _heartbeat;
    private readonly Lock _writing = new();
    private bool _isClosed;

    /// <param name="progress">For how it goes.</param>
    /// <param name="results">For what it came to.</param>
    /// <param name="error">For what is neither.</param>
    /// <param name="columns">The most of a line.</param>
    /// <param name="clock">The time of day, and of the work.</param>
    public PlainLines(TextWriter progress, TextWriter results, TextWriter error, int columns, TimeProvider clock)
    {
        (_progress, _results, _error, _columns, _clock) = (progress, results, error, columns, clock);
        _work = new WorkClock(clock);
        _heartbeat = new Heartbeat(clock, Beat);
    }

    /// <inheritdoc/>
    public void Report(News value)
    {
        lock (_writing)
        {
            _work.Follow(value.Work);
            if (value.Text.Count == 0 || (_isClosed && value.Kind == NewsKind.Progress))
                return;

            var output = value.Kind switch { NewsKind.Result => _results, NewsKind.Aside => _error, _ => _progress };
            try
            {
                foreach (var paragraph in value.IsTimed ? [.. value.Text.SkipLast(1), Timed(value.Text[^1])] : value.Text)
                    output.WriteLine(paragraph.Wrap(_columns));
                if (!_isClosed)
                    _heartbeat.Restart();
            }
            catch (IOException) when (value.Kind != NewsKind.Result)
            {
                _isClosed = true; // a log that is full does not end the work
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_writing)
            _isClosed = true;
        _heartbeat.Dispose();
    }

    private void Beat()
    {
        lock (_writing)
        {
            if (_isClosed)
                return;

            try
            {
                if (_work.Work is { } work)
                {
                    _progress.WriteLine(new Paragraph(Now(), Wording.Join(
                        [.. work.Bars.Count == 0 ? [work.Name] : work.Bars.Select(bar => bar.Label), .. work.Figures, _work.LeftText]))
                        .Wrap(_columns));
                }

                _heartbeat.Restart();
            }
            catch (IOException)
            {
                _isClosed = true; // nobody would catch it here, and it would end the work
            }
        }
    }

    private Paragraph Timed(Paragraph paragraph) =>
        paragraph with { Items = [.. paragraph.Items.SkipLast(1), paragraph.Items[^1].With($"at {Now()}")] };

    private string Now() => _clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
