using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Reports.Drawing;
using MlNetAlexNet.Reports.Records;

namespace MlNetAlexNet.Reports.Sections;

/// <summary>Test pictures beside each other, each with what the model says of it.</summary>
/// <param name="records">Of the run.</param>
/// <param name="thumbnails">To take them from.</param>
internal sealed class PictureGrid(RunRecords records, Thumbnails thumbnails)
{
    public Markup Draw(IEnumerable<ScoredPicture> pictures) => Markup.Write(
        $"""<div class="pictures">{pictures.Select(Draw)}</div>""");

    private Markup Draw(ScoredPicture picture) => Markup.Write($"""
        <figure title="{records.NameOf(picture)}">{DrawPicture(picture)}<figcaption>{DrawWords(picture)}</figcaption></figure>

        """);

    private Markup DrawPicture(ScoredPicture picture)
    {
        var name = records.NameOf(picture);
        return thumbnails.Find(picture.Path) is { } thumbnail
            ? Markup.Write($"""<img src="{thumbnail}" width="{Thumbnails.Side}" height="{Thumbnails.Side}" loading="lazy" alt="{name}">""")
            : Markup.Write($"""<span class="gone">{name}</span>""");
    }

    private static Markup DrawWords(ScoredPicture picture) => picture.IsRight
        ? Markup.Write($"<bdi>{picture.Predicted}</bdi> {picture.Probability:0.0%}")
        : Markup.Write($"<bdi>{picture.Predicted}</bdi> {picture.Probability:0.0%},<br>is <bdi>{picture.Label}</bdi> {picture.LabelProbability:0.0%}");
}
