using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MlNetAlexNet.Cli.Progress;

/// <summary>What is under way as rows of a terminal: bars, a curve of each row of figures, and what is the best so far.</summary>
/// <param name="width">Columns of a row at the most.</param>
/// <param name="isUnicode">Whether the terminal has more signs than ASCII.</param>
internal sealed class Panel(int width, bool isUnicode)
{
    private const int LeastBar = 5;
    private const int Gap = 2;
    private const int Percent = 5;
    private const int CurveRows = 3;
    private const int WidestCurve = 60;
    private const int WidestBar = 80;

    private static readonly Style[] s_colours = [new(Color.Green), new(Color.Yellow)];
    private static readonly Style s_plain = Style.Plain;

    // A cell of a curve is filled from below in eighths.
    private readonly string _levels = isUnicode ? " ▁▂▃▄▅▆▇█" : "  ..::||#";

    /// <summary>The rows, none wider than the terminal.</summary>
    public IReadOnlyList<IReadOnlyList<Segment>> Draw(WorkClock clock)
    {
        if (clock.Work is not { } work)
            return [];

        IReadOnlyList<Bar> bars = work.Bars.Count > 0 ? work.Bars : [new(work.Name, null)];
        string[] figures = [.. work.Figures.Reverse().Take(bars.Count - 1)];
        string[] beside = [clock.LeftText, .. figures, .. Enumerable.Repeat("", bars.Count - 1 - figures.Length)];
        string[] below = [.. work.Figures.SkipLast(figures.Length), .. work.Best];
        var label = bars.Max(bar => bar.Columns);
        var bar = Math.Min(WidestBar, width - label - Gap - Percent - Gap - beside.Max(text => text.Length));
        return
        [
            .. bars.Zip(beside, (one, text) => DrawBar(one, label, bar, text)),
            .. DrawCurves([.. work.Curves.Where(curve => curve.Points.Count > 0)]),
            .. below.Length > 0 ? [[new Segment(Fit(below), s_plain)]] : (IReadOnlyList<Segment>[])[],
        ];
    }

    // Phrases as long as there is room for them.
    private string Fit(IEnumerable<string> phrases)
    {
        var row = "";
        foreach (var phrase in phrases)
        {
            var next = row.Length > 0 ? $"{row}, {phrase}" : phrase;
            if (next.Length > width)
                break;
            row = next;
        }

        return row;
    }

    private List<Segment> DrawBar(Bar bar, int label, int cells, string beside)
    {
        var begin = new Segment(bar.Label.PadRight(label) + new string(' ', Gap), s_plain);
        var end = new Segment(new string(' ', Gap) + beside, s_plain);
        if (bar.Share is not { } share)
            return Segment.Truncate([begin, new Segment(beside, s_plain)], width);

        var percent = new Segment(string.Create(CultureInfo.InvariantCulture, $"{share,Percent:0%}"), s_plain);
        if (cells < LeastBar)
            return Segment.Truncate([begin, percent, end], width);

        var filled = (int)Math.Round(share * cells);
        return
        [
            begin,
            new Segment(new string(isUnicode ? '█' : '#', filled), s_colours[0]),
            new Segment(new string(isUnicode ? '░' : '-', cells - filled), s_plain),
            percent,
            end,
        ];
    }

    // Side by side and of one scale, which stands at the left.
    private IReadOnlyList<IReadOnlyList<Segment>> DrawCurves(IReadOnlyList<Curve> curves)
    {
        if (curves.Count == 0)
            return [];

        var (highest, lowest) = (curves.Max(curve => curve.Points.Max()), curves.Min(curve => curve.Points.Min()));
        var (top, bottom) = (Number(highest), Number(lowest));
        var scale = Math.Max(top.Length, bottom.Length);
        var each = Math.Min(WidestCurve, (width - scale - Gap * curves.Count) / curves.Count);
        if (each < LeastBar)
            return [];

        var heights = curves.Select(curve => LossCurve.Fit(curve.Points, each)
            .Select(point => highest > lowest ? 1 + (int)Math.Round((point - lowest) / (highest - lowest) * (CurveRows * 8 - 1)) : 1).ToArray()).ToArray();
        return
        [
            .. Enumerable.Range(0, CurveRows).Select(row => Row(
                row == 0 ? top : row == CurveRows - 1 ? bottom : "",
                curve => string.Concat(heights[curve].Select(height => _levels[Math.Clamp(height - 8 * (CurveRows - 1 - row), 0, 8)])))),
            Row("", curve => $"{curves[curve].Name} {Number(curves[curve].Points[^1])}"),
        ];

        IReadOnlyList<Segment> Row(string number, Func<int, string> draw) =>
        [
            new Segment(number.PadLeft(scale), s_plain),
            .. curves.Select((_, i) => new Segment(
                new string(' ', Gap) + Cut(draw(i), each).PadRight(i + 1 < curves.Count ? each : 0), s_colours[i % s_colours.Length])),
        ];
    }

    private static string Cut(string text, int most) => text.Length > most ? text[..most] : text;

    private static string Number(double number) => number.ToString("0.0000", CultureInfo.InvariantCulture);
}
