namespace MlNetAlexNet.Models;

/// <summary>How a picture of any size becomes a square.</summary>
public enum ImageResizeMode
{
    /// <summary>
    /// The shorter side is scaled to the square's and the middle kept: ML.NET's <c>IsoCrop</c>, torchvision's
    /// <c>Resize</c> and <c>CenterCrop</c>, the protocol of Krizhevsky 2012, section 2.
    /// </summary>
    Crop,

    /// <summary>Both sides are scaled to the square's, whatever the picture's proportions, as Keras' loaders do.</summary>
    Squash,

    /// <summary>The longer side is scaled to the square's; black on both sides of the other: ML.NET's <c>IsoPad</c>.</summary>
    Pad,
}
