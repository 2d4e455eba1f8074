using MlNetAlexNet.Evaluation;

namespace MlNetAlexNet.Reports.Drawing;

/// <summary>
/// A reliability diagram (Guo et al. 2017, figure 1) as SVG: how often the pictures of each range of probability are right, beside the
/// diagonal on which that is as often as the model says, and how many they are.
/// </summary>
internal static class ReliabilityChart
{
    private const int Width = 460;
    private const int Left = 48;
    private const int Right = 12;
    private const int Top = 10;
    private const int Middle = 300; // below the diagram
    private const int CountsTop = 330;
    private const int Bottom = 380;

    public static Markup Draw(Calibration calibration)
    {
        var x = new Scale(0, 1, Left, Width - Right);
        var y = new Scale(0, 1, Middle, Top);
        var most = Math.Max(1, calibration.Bins.Max(bin => bin.Pictures));
        var counts = new Scale(0, most, Bottom, CountsTop);
        double[] ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
        return Markup.Write($"""
            <figure class="chart"><figcaption>Reliability<span class="legend"><span class="key"><i class="box c0"></i>right</span><span class="key"><i class="box gap"></i>distance to what it says</span></span></figcaption>
            <svg viewBox="0 0 {Width} {Bottom + 34}" role="img" aria-label="Reliability diagram">
            {ticks.Select(DrawTick)}
            {calibration.Bins.Where(bin => bin.Pictures > 0).Select(DrawBin)}
            <line class="line dashed text" x1="{Left}" x2="{Width - Right}" y1="{Middle}" y2="{Top}"/>
            <text class="right" x="{Left - 6}" y="{CountsTop + 8}">{most}</text><text class="right" x="{Left - 6}" y="{Bottom}">0</text>
            <text class="middle" x="{(Left + Width - Right) / 2}" y="{Bottom + 20}">probability of the predicted class; below, the pictures of each range</text>
            </svg></figure>
            """);

        Markup DrawTick(double share) => Markup.Write(
            $"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{y.Place(share):0.#}" y2="{y.Place(share):0.#}"/><text class="right" x="{Left - 6}" y="{y.Place(share) + 4:0.#}">{share:0%}</text><text class="middle" x="{x.Place(share):0.#}" y="{Middle + 16}">{share:0%}</text>""");

        Markup DrawBin(CalibrationBin bin)
        {
            var (left, width) = (x.Place(bin.Low) + 1, x.Place(bin.High) - x.Place(bin.Low) - 2);
            var (right, said) = (y.Place(bin.Accuracy), y.Place(bin.Confidence));
            return Markup.Write($"""
                <g><title>{bin.Low:0.0%} to {bin.High:0.0%}: {bin.Pictures} pictures, {bin.Accuracy:0.0%} right, {bin.Confidence:0.0%} said</title>
                <rect class="fill c0" x="{left:0.#}" y="{right:0.#}" width="{width:0.#}" height="{Middle - right:0.#}"/>
                <rect class="gap" x="{left:0.#}" y="{Math.Min(right, said):0.#}" width="{width:0.#}" height="{Math.Abs(right - said):0.#}"/>
                <rect class="fill count" x="{left:0.#}" y="{counts.Place(bin.Pictures):0.#}" width="{width:0.#}" height="{Bottom - counts.Place(bin.Pictures):0.#}"/></g>
                """);
        }
    }
}
