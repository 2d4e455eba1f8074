namespace MlNetAlexNet.Models;

/// <summary>Where the views of <see cref="ScoringViews"/> lie.</summary>
internal static class ViewPlaces
{
    /// <summary>How many there are of a picture.</summary>
    public static int Count(this ScoringViews views) => views switch
    {
        ScoringViews.Middle => 1,
        ScoringViews.Mirrored => 2,
        ScoringViews.TenCrops => 10,
        _ => throw new NotSupportedException($"The views {views} are not known."),
    };

    /// <summary>
    /// Top and left of the crops beside the middle one, in pixels; those of views that are mirrored come a second time as
    /// mirror images.
    /// </summary>
    /// <param name="views">The views.</param>
    /// <param name="imageSize">Side of the square, in pixels.</param>
    /// <param name="cropSize">Side of a crop, in pixels.</param>
    public static IReadOnlyList<(int Top, int Left)> ListCorners(this ScoringViews views, int imageSize, int cropSize)
    {
        var end = imageSize - cropSize;
        return views == ScoringViews.TenCrops ? [(0, 0), (0, end), (end, 0), (end, end)] : [];
    }

    /// <summary>Checks that a picture has those views.</summary>
    /// <exception cref="AlexNetException">It has not.</exception>
    public static void Require(this ScoringViews views, int imageSize, int cropSize)
    {
        if (views.ListFaults(imageSize, cropSize).FirstOrDefault() is { } fault)
            throw new AlexNetException(fault) { Option = $"{nameof(ImagePreprocessing.Views)}.{ScoringViews.Mirrored}" };
    }

    /// <summary>What cannot be of those views, in a sentence; empty if nothing is.</summary>
    public static IEnumerable<string> ListFaults(this ScoringViews views, int imageSize, int cropSize)
    {
        if (!Enum.IsDefined(views))
            yield return $"Views is {views}; it must be one of {string.Join(", ", Enum.GetNames<ScoringViews>())}.";
        else if (views == ScoringViews.TenCrops && imageSize == cropSize)
        {
            yield return $"Views is {views}, but the crop of {cropSize} pixels is the whole picture, so that all crops are one. Take "
                + $"{nameof(ScoringViews.Mirrored)}, or an ImageSize above {cropSize}.";
        }
    }
}
