using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MlNetAlexNet.Cli.Progress;

/// <summary>
/// What is under way at the end of a terminal, drawn over itself, and above it what stays. The cursor waits at the beginning of what
/// is drawn, on an empty row: whatever is below it is ours, however a terminal that was made narrower has broken it, and however wide
/// what stays is, so that nothing has to be counted to erase it. It is never hidden, so that it is there whatever ends the process.
/// </summary>
internal sealed class LiveLines : INewsOutput
{
    /// <summary>Erases what is drawn and leaves the cursor where it was.</summary>
    public const string Erasure = "\r\e[J";

    private const string EmptyRow = "\r\e[2K"; // before a text: behind one that fills its row it would erase the last sign
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(200);

    private readonly IAnsiConsole _console;
    private readonly TextWriter _error;
    private readonly WorkClock _work;
    private readonly ITimer _timer;
    private readonly Lock _drawing;
    private string _drawn = "";
    private bool _isClosed;

    /// <param name="console">The terminal.</param>
    /// <param name="error">For what is no result; it may lead elsewhere.</param>
    /// <param name="clock">The time of the work.</param>
    /// <param name="drawing">Held while something is drawn.</param>
    public LiveLines(IAnsiConsole console, TextWriter error, TimeProvider clock, Lock drawing)
    {
        (_console, _error, _work, _drawing) = (console, error, new WorkClock(clock), drawing);
        _timer = clock.CreateTimer(_ => Redraw(), state: null, s_pace, s_pace);
    }

    /// <inheritdoc/>
    public void Report(News value)
    {
        lock (_drawing)
        {
            _work.Follow(value.Work);
            if (value.Text.Count == 0 || (_isClosed && value.Kind == NewsKind.Progress))
                return;

            var lines = string.Join('\n', value.Text.Select(paragraph => paragraph.Wrap(Columns)));
            try
            {
                if (value.Kind == NewsKind.Aside)
                {
                    Erase();
                    _error.WriteLine(lines);
                    lines = null;
                }

                Draw(lines);
            }
            catch (IOException) when (value.Kind != NewsKind.Result)
            {
                _isClosed = true; // the terminal has gone, and the work has not
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_drawing)
        {
            if (!_isClosed)
                Erase();
            _isClosed = true;
        }
    }

    // A sign in the last column moves the cursor of some terminals and not of others.
    private int Columns => Math.Max(1, _console.Profile.Width - 1);

    private void Redraw()
    {
        lock (_drawing)
        {
            try
            {
                if (!_isClosed)
                    Draw(lasting: null);
            }
            catch (IOException)
            {
                _isClosed = true; // nobody would catch it here, and it would end the work
            }
        }
    }

    private void Draw(string? lasting)
    {
        var rows = new Panel(Columns, _console.Profile.Capabilities.Unicode).Draw(_work);
        rows = [.. rows.Take(_console.Profile.Height - 2)]; // beside the empty one, and one that stays
        var drawn = string.Join('\n', rows.Select(row => string.Concat(row.Select(segment => segment.Text))));
        if (lasting is null && drawn == _drawn)
            return;

        _drawn = drawn;
        Write(
        [
            .. lasting is null ? [] : (Segment[])[Segment.Control(Erasure), new Segment(lasting), Segment.LineBreak],
            Segment.Control(EmptyRow),
            .. rows.SelectMany(row => (Segment[])[Segment.LineBreak, Segment.Control(EmptyRow), .. row]),
            .. rows.Count == 0 ? [] : (Segment[])[
                Segment.Control("\e[J"), Segment.Control(string.Create(CultureInfo.InvariantCulture, $"\e[{rows.Count}A\r"))],
        ]);
    }

    private void Erase()
    {
        if (_drawn.Length > 0)
            Write([Segment.Control(Erasure)]);
        _drawn = "";
    }

    private void Write(IReadOnlyList<Segment> segments) => _console.Write(new Drawing(segments));

    private sealed class Drawing(IReadOnlyList<Segment> segments) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }
}
