using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Images;

/// <summary>The picture stage of a pipeline: <c>ml.Transforms.LoadPixels()</c>.</summary>
public static class ImageCatalog
{
    /// <summary>
    /// Paths to what the network takes, by <see cref="PixelDecoder"/>: upright, a square of <paramref name="imageSize"/>
    /// as <c>Vector&lt;Byte, imageSize, imageSize, 3&gt;</c> in rows of red, green, blue. In a model zip it becomes ML.NET's
    /// own <c>LoadImages</c>, <c>ResizeImages</c> and <c>ExtractPixels</c>, so any app can load it: these take pictures as
    /// stored, EXIF turns ignored, and scale in another way, which changes the pixels of photographs by 1 to 2 of 255 on
    /// the mean. The trainer takes <paramref name="resizeMode"/> from the column of pixels into the model.
    /// </summary>
    /// <param name="catalog">The transforms of an <see cref="MLContext"/>.</param>
    /// <param name="imageSize">Side of the square, in pixels. Default 256.</param>
    /// <param name="resizeMode">How a picture becomes that square. Default: the middle of it.</param>
    /// <param name="outputColumnName">Column of pixels that is made.</param>
    /// <param name="imageColumnName">Column of the same squares as pictures, made for who asks for it.</param>
    /// <param name="inputColumnName">Text column of paths.</param>
    /// <param name="maximumPixels">
    /// As <see cref="PixelLimit"/>. Default 100 million. ML.NET's own stages in a zip know no limit.
    /// </param>
    /// <remarks>
    /// A picture that cannot be decoded throws <see cref="AlexNetException"/> when its row is read; where ML.NET reads
    /// rows ahead on other threads it arrives as the inner exception of an <see cref="InvalidOperationException"/>.
    /// ML.NET's own stages in a loaded zip throw <see cref="ArgumentException"/> or
    /// <see cref="FileNotFoundException"/>, but take a picture whose data ends early, its missing rows grey or black:
    /// an app that must not score such pictures calls <see cref="DecodablePictures.FindBad"/> first.
    /// </remarks>
    public static IEstimator<ITransformer> LoadPixels(
        this TransformsCatalog catalog,
        int imageSize = ImagePreprocessing.DefaultImageSize,
        ImageResizeMode resizeMode = ImageResizeMode.Crop,
        string outputColumnName = "Pixels",
        string imageColumnName = "Image",
        string inputColumnName = "ImagePath",
        long maximumPixels = PixelLimit.Default)
    {
        var form = PixelDecoder.FormOf(imageSize, resizeMode);
        var bounds = PixelDecoder.BoundsOf(maximumPixels);
        var image = new ImageDataViewType(imageSize, imageSize);
        DataViewTypeManager.Register(image, typeof(MLImage), new ImageTypeAttribute(imageSize, imageSize));
        return new PixelLoadingEstimator(
            catalog.Map<ImageRow>(
                    (path, row) => row.Image = PixelDecoder.DecodeImage(path, form, bounds),
                    inputColumnName,
                    imageColumnName,
                    image)
                .Append(catalog.Map<PixelsRow>(
                    (path, row) => PixelDecoder.Decode(
                        path, form, row.Pixels ??= new byte[form.Bytes], bounds),
                    inputColumnName,
                    outputColumnName,
                    new VectorDataViewType(NumberDataViewType.Byte, imageSize, imageSize, 3),
                    column => ResizeModeAnnotation.Add(column, resizeMode))),
            new EstimatorChain<ITransformer>()
                .Append(catalog.LoadImages(imageColumnName, imageFolder: null, inputColumnName))
                .Append(StockResizing.Create(catalog, form, imageColumnName))
                .Append<ITransformer>(catalog.ExtractPixels(
                    outputColumnName, imageColumnName, interleavePixelColors: true, outputAsFloatArray: false)));
    }

    // A column computed from the path alone, when it is asked for. ML.NET keeps one row a thread and copies out of it.
    private static CustomMappingEstimator<PathRow, TRow> Map<TRow>(
        this TransformsCatalog catalog, Action<string, TRow> map, string path, string column, DataViewType type,
        Action<SchemaDefinition.Column>? annotate = null)
        where TRow : class, new()
    {
        var input = SchemaDefinition.Create(typeof(PathRow));
        input[0].ColumnName = path;
        var output = SchemaDefinition.Create(typeof(TRow));
        output[0].ColumnName = column;
        output[0].ColumnType = type;
        annotate?.Invoke(output[0]);
        return catalog.CustomMapping<PathRow, TRow>(
            (from, to) => map(from.Path, to), contractName: null, input, output);
    }

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }

    private sealed class ImageRow
    {
        [ImageType(1, 1)] // ML.NET asks for some size; Map gives the column its own
        public MLImage? Image { get; set; }
    }

    private sealed class PixelsRow
    {
        public byte[]? Pixels { get; set; }
    }
}
