namespace MlNetAlexNet.Explanation;

/// <summary>What is put in place of what is hidden of a picture. Default <see cref="Mean"/>.</summary>
public enum OcclusionFill
{
    /// <summary>The picture's mean colour: of all uniform colours the one that changes the picture the least.</summary>
    Mean,

    /// <summary>Middle grey, 128 of 255, as in Zeiler and Fergus 2014, section 4.2.</summary>
    Grey,

    /// <summary>
    /// The picture itself, smoothed so far that no shape is left: what is hidden keeps its colour, and gets no edges. Evidence of
    /// colour is not found so.
    /// </summary>
    Blur,
}
