using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Reports.Drawing;

namespace MlNetAlexNet.Reports.Sections;

/// <summary>Whether the model is as often right as it says.</summary>
internal static class ReliabilitySection
{
    public static Markup Draw(Metrics? metrics) => metrics is null ? Markup.None : Markup.Write($"""
        <div class="split"><div>{ReliabilityChart.Draw(metrics.Calibration)}</div>
        <div><p>Expected calibration error <b>{metrics.Calibration.ExpectedError:0.0%}</b>.</p>
        <p class="soft">Each bar holds the pictures whose probability of the predicted class is in its range, and is as high as the share of them that is right. On the dashed line that share is what the model says: bars below it are of a model that is too sure of itself, bars above it of one that is too modest. The error is the mean distance over the pictures (Guo et al. 2017, {Calibration.BinCount} ranges). Of ranges with few pictures a bar says little.</p></div></div>
        """);
}
