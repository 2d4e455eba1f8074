using MlNetAlexNet.Images;

namespace MlNetAlexNet.Inspection;

/// <summary>How a folder of pictures is inspected. Immutable.</summary>
public sealed record InspectionOptions
{
    /// <summary>
    /// Signs of 256 that may differ in the looks of two pictures that are near duplicates, 0 to 128; 0 finds those alone that are
    /// the same decoded. Default 60: of photographs of clothing all copies of lower quality, of half the size or 5% brighter
    /// have fewer, and 99% of those cut by 2% at every border; 6 of 7 million pairs of others have as few, and like colours.
    /// </summary>
    public int NearSigns { get; init; } = PictureLook.MostSigns;

    /// <summary>The most pixels of a picture that is decoded (<see cref="PixelLimit"/>). Default 100 million.</summary>
    public long MaximumPixels { get; init; } = PixelLimit.Default;

    /// <summary>
    /// Those pictures alone, each by its path from the folder on with <c>/</c> between its names, as
    /// <see cref="PictureList.Read"/> gives them. Default null: all.
    /// </summary>
    public IReadOnlySet<string>? Only { get; init; }

    /// <summary>Of a table. Default null: found by the usual names.</summary>
    public TableColumns? Columns { get; init; }

    internal IEnumerable<string> ListFaults() =>
    [
        // Half of the signs of unrelated pictures differ.
        .. NearSigns is < 0 or > 128 ? [FormattableString.Invariant($"NearSigns is {NearSigns}; it must be at least 0 and at most 128.")] : Array.Empty<string>(),
        .. PixelLimit.ListFaults(MaximumPixels),
    ];
}
