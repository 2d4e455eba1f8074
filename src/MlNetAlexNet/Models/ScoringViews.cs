namespace MlNetAlexNet.Models;

/// <summary>Which views of a picture are scored, and their probabilities averaged. Default <see cref="Middle"/>.</summary>
public enum ScoringViews
{
    /// <summary>The middle crop alone.</summary>
    Middle,

    /// <summary>The middle crop and its mirror image, in twice the time; not for arrows, hands and letters.</summary>
    Mirrored,

    /// <summary>
    /// Crops of the four corners and of the middle, and the mirror images of the five (Krizhevsky 2012, section 4.1), in ten
    /// times the time.
    /// </summary>
    TenCrops,
}
