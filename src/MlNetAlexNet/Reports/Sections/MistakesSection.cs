using MlNetAlexNet.Reports.Drawing;
using MlNetAlexNet.Reports.Records;

namespace MlNetAlexNet.Reports.Sections;

/// <summary>The mistakes that the model is surest of: often it is the label that is wrong.</summary>
internal static class MistakesSection
{
    private const int Most = 24;

    public static Markup Draw(RunRecords records, PictureGrid grid)
    {
        var mistakes = records.Pictures.Where(picture => !picture.IsRight)
            .OrderByDescending(picture => picture.Probability).ThenBy(picture => picture.Path, StringComparer.Ordinal).ToList();
        return mistakes.Count == 0 ? Markup.None : Markup.Write($"""
            <p class="soft">The surest {Math.Min(Most, mistakes.Count)} of {mistakes.Count} mistakes: what the model says, and what the folder says. Look whether the label is right.</p>
            {grid.Draw(mistakes.Take(Most))}
            """);
    }
}
