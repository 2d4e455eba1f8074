namespace MlNetAlexNet.Explanation;

/// <summary>A part of a picture, in pixels of the upright picture in its own size.</summary>
/// <param name="Left">Pixels left of it.</param>
/// <param name="Top">Pixels above it.</param>
/// <param name="Width">Its width; 0 if it is beside the picture.</param>
/// <param name="Height">Its height; 0 if it is beside the picture.</param>
public readonly record struct PictureRectangle(int Left, int Top, int Width, int Height);
