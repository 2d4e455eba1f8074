using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Images;

/// <summary>The picture stages of a pipeline: <c>ml.Transforms.LoadPixels()</c>.</summary>
public static class ImageCatalog
{
    /// <summary>
    /// Loads pictures from disk upright and whole, with <see cref="ImageDecoder"/>. Saved in a model zip the stage is
    /// ML.NET's own <c>LoadImages</c>, so any app can load it; there pictures are taken as stored, EXIF turns ignored.
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="outputColumnName">Column of <see cref="MLImage"/> that is made.</param>
    /// <param name="inputColumnName">Text column of paths.</param>
    /// <remarks>
    /// A picture that cannot be decoded throws <see cref="AlexNetException"/> when its row is read; where ML.NET reads
    /// rows ahead on other threads it arrives as the inner exception of an <see cref="InvalidOperationException"/>.
    /// ML.NET's own stage in a loaded zip throws <see cref="ArgumentException"/> or
    /// <see cref="FileNotFoundException"/>, but takes a picture whose data ends early, its missing rows grey or black:
    /// an app that must not score such pictures calls <see cref="ImageDecoder.FindBad"/> first.
    /// </remarks>
    public static IEstimator<ITransformer> LoadUprightImages(
        this TransformsCatalog catalog, string outputColumnName = "Image", string inputColumnName = "ImagePath") =>
        new UprightImageEstimator(
            catalog.LoadImages(outputColumnName, imageFolder: null, inputColumnName),
            outputColumnName,
            inputColumnName);

    /// <summary>
    /// Paths to what the network takes: load upright, scale the shorter side to <paramref name="imageSize"/> and keep
    /// the middle square (<c>IsoCrop</c>), extract <c>Vector&lt;Byte, imageSize, imageSize, 3&gt;</c> in rows of
    /// red, green, blue.
    /// </summary>
    /// <remarks>
    /// ML.NET rounds the scaled size down, so for some sizes (one in eight) the last column or row of the square is
    /// black. The network's crop from the middle does not reach it.
    /// </remarks>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="imageSize">Side of the square, in pixels. Default 256.</param>
    /// <param name="outputColumnName">Column of pixels that is made.</param>
    /// <param name="imageColumnName">Column of pictures between the stages.</param>
    /// <param name="inputColumnName">Text column of paths.</param>
    public static EstimatorChain<ImagePixelExtractingTransformer> LoadPixels(
        this TransformsCatalog catalog,
        int imageSize = ImagePreprocessing.DefaultImageSize,
        string outputColumnName = "Pixels",
        string imageColumnName = "Image",
        string inputColumnName = "ImagePath") =>
        catalog.LoadUprightImages(imageColumnName, inputColumnName)
            .Append(catalog.ResizeToSquare(imageSize, imageColumnName))
            .Append(catalog.ExtractBytes(outputColumnName, imageColumnName));

    /// <summary>Pictures already in memory to pixels: <see cref="LoadPixels"/> without its first stage.</summary>
    internal static EstimatorChain<ImagePixelExtractingTransformer> ImagesToPixels(
        this TransformsCatalog catalog,
        int imageSize = ImagePreprocessing.DefaultImageSize,
        string outputColumnName = "Pixels",
        string imageColumnName = "Image") =>
        catalog.ResizeToSquare(imageSize, imageColumnName)
            .Append(catalog.ExtractBytes(outputColumnName, imageColumnName));

    private static ImageResizingEstimator ResizeToSquare(
        this TransformsCatalog catalog, int imageSize, string imageColumnName) => catalog.ResizeImages(
        imageColumnName, imageSize, imageSize, imageColumnName,
        ImageResizingEstimator.ResizingKind.IsoCrop, ImageResizingEstimator.Anchor.Center);

    private static ImagePixelExtractingEstimator ExtractBytes(
        this TransformsCatalog catalog, string outputColumnName, string imageColumnName) => catalog.ExtractPixels(
        outputColumnName, imageColumnName, interleavePixelColors: true, outputAsFloatArray: false);
}
