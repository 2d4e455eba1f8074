namespace MlNetAlexNet.Models;

/// <summary>
/// What happens to a picture before the network: it becomes a square of <see cref="ImageSize"/> as
/// <see cref="ResizeMode"/> says, then the middle <see cref="CropSize"/> pixels are taken and each channel becomes
/// (value - mean) / deviation; for a network of one channel red, green and blue become a grey value before. All but the
/// square is part of the exported graph, so every scorer sends raw bytes: <c>Vector&lt;Byte, ImageSize, ImageSize, 3&gt;</c>.
/// </summary>
/// <param name="CropSize">Side of the network's input, in pixels: 227 for the reference stack.</param>
/// <param name="Mean">
/// Mean of the red, green and blue values, 0 to 255, one number each; of a network of one channel that of the grey values.
/// </param>
/// <param name="StandardDeviation">Standard deviation of the same values, as many numbers.</param>
public sealed record ImagePreprocessing(int CropSize, IReadOnlyList<float> Mean, IReadOnlyList<float> StandardDeviation)
{
    /// <summary>Side of the square picture, in pixels. Default 256 (Krizhevsky 2012, section 2).</summary>
    public const int DefaultImageSize = 256;

    /// <summary>
    /// Largest side of a square picture, in pixels: 4096, of which 32, scored together, are 1.6 GB of bytes.
    /// </summary>
    public const int MaximumImageSize = 4096;

    // Crops of these sizes are cut out of 256: the paper's 224, of which 227 are computed, and what lies between.
    private const int PaperCrop = 224;
    private const int PaperInput = 227;

    /// <summary>
    /// Side of the square picture, in pixels, at least <see cref="CropSize"/>. Default <see cref="DefaultImageSize"/>;
    /// <see cref="ChooseImageSize"/> gives one for crops of other sizes.
    /// </summary>
    public int ImageSize { get; init; } = DefaultImageSize;

    /// <summary>
    /// What is subtracted of the square in place of <see cref="Mean"/>, before crops are cut: the mean of the training pictures
    /// at every pixel (Krizhevsky 2012, section 2), 0 to 255, channel after channel, each <see cref="ImageSize"/> rows of as
    /// many values. Default null: <see cref="Mean"/>.
    /// </summary>
    public IReadOnlyList<float>? MeanImage { get; init; }

    /// <summary>How the picture becomes that square. Default <see cref="ImageResizeMode.Crop"/>.</summary>
    public ImageResizeMode ResizeMode { get; init; }

    /// <summary>
    /// Which crops of the square are scored, and their probabilities averaged. Training validates by the middle one alone.
    /// Default <see cref="ScoringViews.Middle"/>.
    /// </summary>
    public ScoringViews Views { get; init; }

    /// <summary>Pixels left of and above the middle crop, rounded down.</summary>
    public int CropOffset => (ImageSize - CropSize) / 2;

    /// <summary>The same with a mean image, and its channels' means for <see cref="Mean"/>; with none for null.</summary>
    internal ImagePreprocessing WithMeanImage(IReadOnlyList<float>? image) => image is null
        ? this with { MeanImage = null }
        : this with
        {
            MeanImage = image,
            Mean = [.. image.Chunk(Math.Max(1, ImageSize * ImageSize)).Select(plane => (float)plane.Average(value => (double)value))],
        };

    /// <summary>The square.</summary>
    internal PictureForm Form => new(ImageSize, ResizeMode);

    /// <summary>
    /// The size of pictures to take crops out of: 256 for 224 to 227 (Krizhevsky 2012, sections 2 and 4.1), for others in
    /// the ratio of 256 to 227, rounded, such as 72 for 64.
    /// </summary>
    /// <param name="cropSize">Side of the network's input, in pixels.</param>
    public static int ChooseImageSize(int cropSize) => cropSize is >= PaperCrop and <= PaperInput
        ? DefaultImageSize
        : (int)Math.Round((double)cropSize * DefaultImageSize / PaperInput);

    /// <summary>A size, a mode or views that there are not, and numbers that cannot be subtracted or divided by.</summary>
    internal IEnumerable<string> ListFaults() =>
    [
        .. ImageSize > MaximumImageSize
            ? [$"{nameof(ImageSize)} is {ImageSize}; it must be at most {MaximumImageSize} pixels."]
            : Array.Empty<string>(),
        .. Enum.IsDefined(ResizeMode)
            ? Array.Empty<string>()
            : [$"{nameof(ResizeMode)} is {ResizeMode}; it must be one of {string.Join(", ", Enum.GetNames<ImageResizeMode>())}."],
        .. Views.ListFaults(ImageSize, CropSize),
        .. MeanImage is { } image && (image.Count != (long)Mean.Count * ImageSize * ImageSize || !image.All(float.IsFinite))
            ? [$"MeanImage has {image.Count} values; it needs {Mean.Count} x {ImageSize} x {ImageSize} finite ones, one for each pixel "
                + "of the square. Give Mean in its place for squares of another size."]
            : Array.Empty<string>(),
        .. ListFaults(Mean, StandardDeviation),
        .. Mean.Count == StandardDeviation.Count
            ? Array.Empty<string>()
            : [$"Mean has {Mean.Count} numbers and StandardDeviation {StandardDeviation.Count}; they must have as many."],
    ];

    /// <summary>The same of numbers alone; null is none.</summary>
    internal static IEnumerable<string> ListFaults(IReadOnlyList<float>? mean, IReadOnlyList<float>? deviation)
    {
        if (mean is not null && !(mean.Count is 1 or 3 && mean.All(float.IsFinite)))
            yield return $"Mean is {List(mean)}; it needs a finite number for each channel, three or one.";

        if (deviation is not null && !(deviation.Count is 1 or 3 && deviation.All(value => value > 0 && float.IsFinite(value))))
            yield return $"StandardDeviation is {List(deviation)}; it needs a number above 0 for each channel, three or one.";

        static string List(IEnumerable<float> values) =>
            string.Join(", ", values.Select(value => FormattableString.Invariant($"{value}")));
    }
}
