using System.Globalization;
using System.Text;

namespace MlNetAlexNet.Reports.Drawing;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Color">Which of the page's colours, from 0.</param>
/// <param name="IsDashed">Whether it is dashed.</param>
/// <param name="Points">Its points; x rises.</param>
internal sealed record ChartLine(string Name, int Color, bool IsDashed, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A chart of lines over epochs, as SVG that takes its colours from the page.</summary>
/// <param name="Title">Above it.</param>
/// <param name="Lines">Those without a point are left out.</param>
/// <param name="Format">Of its values, such as <c>0.0%</c>.</param>
/// <param name="Kept">The epoch whose weights are kept; null for none.</param>
internal sealed record LineChart(string Title, IReadOnlyList<ChartLine> Lines, string Format, int? Kept)
{
    // Units of the drawing, which are pixels where the page is about 460 wide.
    private const int Width = 460;
    private const int Height = 260;
    private const int Left = 62;
    private const int Right = 12;
    private const int Top = 10;
    private const int Bottom = 30;
    private const int MostDots = 100;

    /// <summary>Nothing where no line has a point.</summary>
    public Markup Draw()
    {
        var lines = Lines.Where(line => line.Points.Count > 0).ToList();
        if (lines.Count == 0)
            return Markup.None;

        var y = Scale.Around(lines.SelectMany(line => line.Points).Select(point => point.Y), Height - Bottom, Top, ticks: 5);
        var epochs = lines.SelectMany(line => line.Points).Select(point => point.X).ToList();
        var x = new Scale(epochs.Min(), Math.Max(epochs.Max(), epochs.Min() + 1), Left, Width - Right);
        return Markup.Write($"""
            <figure class="chart"><figcaption>{Title}<span class="legend">{lines.Select(DrawKey)}</span></figcaption>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{Title} by epoch">
            {y.ListTicks(5).Select(DrawRow)}{x.ListTicks(8).Where(IsWhole).Select(DrawColumn)}
            {(Kept is { } kept ? Markup.Write($"""<line class="mark" x1="{x.Place(kept):0.#}" x2="{x.Place(kept):0.#}" y1="{Top}" y2="{Height - Bottom}"><title>epoch {kept}, which is kept</title></line>""") : Markup.None)}
            {lines.Select(line => DrawLine(line, x, y))}
            </svg></figure>
            """);

        Markup DrawRow(double value) => Markup.Write(
            $"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{y.Place(value):0.#}" y2="{y.Place(value):0.#}"/><text class="right" x="{Left - 6}" y="{y.Place(value) + 4:0.#}">{value.ToString(TickFormat, CultureInfo.InvariantCulture)}</text>""");

        Markup DrawColumn(double value) => Markup.Write(
            $"""<text class="middle" x="{x.Place(value):0.#}" y="{Height - 10}">{value:0}</text>""");
    }

    private string TickFormat => Format switch { "0.0%" => "0.##%", "0.0000" => "0.####", "0" => "0.###", _ => Format };

    private static bool IsWhole(double value) => value == Math.Round(value);

    private static Markup DrawKey(ChartLine line) => line.Name == "" ? Markup.None : Markup.Write(
        $"""<span class="key"><svg viewBox="0 0 22 8"><line class="line c{line.Color} {Dash(line)}" x1="1" x2="21" y1="4" y2="4"/></svg><bdi>{line.Name}</bdi></span>""");

    private Markup DrawLine(ChartLine line, Scale x, Scale y)
    {
        var path = new StringBuilder();
        foreach (var point in line.Points)
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{x.Place(point.X):0.#} {y.Place(point.Y):0.#}");
        var dots = line.Points.Count > MostDots ? [] : line.Points.Select(point => Markup.Write(
            $"""<circle class="dot c{line.Color}" cx="{x.Place(point.X):0.#}" cy="{y.Place(point.Y):0.#}" r="2.5"><title>{(line.Name == "" ? Title : line.Name)}, epoch {point.X:0}: {point.Y.ToString(Format, CultureInfo.InvariantCulture)}</title></circle>"""));
        return Markup.Write($"""<path class="line c{line.Color} {Dash(line)}" d="{path.ToString()}"/>{dots}""");
    }

    private static string Dash(ChartLine line) => line.IsDashed ? "dashed" : "";
}
