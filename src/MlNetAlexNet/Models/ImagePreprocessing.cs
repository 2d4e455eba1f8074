namespace MlNetAlexNet.Models;

/// <summary>
/// What happens to a picture before the network: it becomes a square of <see cref="ImageSize"/> as
/// <see cref="ResizeMode"/> says, then the middle <see cref="CropSize"/> pixels are taken and each channel becomes (value - mean) / deviation. The second half is part
/// of the exported graph, so every scorer sends raw bytes: <c>Vector&lt;Byte, ImageSize, ImageSize, 3&gt;</c>.
/// </summary>
/// <param name="CropSize">Side of the network's input, in pixels: 227 for the reference stack.</param>
/// <param name="Mean">Mean of the red, green and blue values, 0 to 255.</param>
/// <param name="StandardDeviation">Standard deviation of the red, green and blue values, 0 to 255.</param>
public sealed record ImagePreprocessing(int CropSize, IReadOnlyList<float> Mean, IReadOnlyList<float> StandardDeviation)
{
    /// <summary>Side of the square picture, in pixels. Default 256 (Krizhevsky 2012, section 2).</summary>
    public const int DefaultImageSize = 256;

    /// <summary>Side of the square picture, in pixels. Default <see cref="DefaultImageSize"/>.</summary>
    public int ImageSize { get; init; } = DefaultImageSize;

    /// <summary>How the picture becomes that square. Default <see cref="ImageResizeMode.Crop"/>.</summary>
    public ImageResizeMode ResizeMode { get; init; }

    /// <summary>Pixels left of and above the middle crop, rounded down.</summary>
    public int CropOffset => (ImageSize - CropSize) / 2;

    /// <summary>A crop that is larger than the picture, and numbers that cannot be subtracted or divided by.</summary>
    internal IEnumerable<string> ListFaults() =>
    [
        .. CropSize > ImageSize
            ? [$"A crop of {CropSize} pixels out of a picture of {ImageSize}; it cannot be larger."]
            : Array.Empty<string>(),
        .. ListFaults(Mean, StandardDeviation),
    ];

    /// <summary>The same of numbers alone; null is none.</summary>
    internal static IEnumerable<string> ListFaults(IReadOnlyList<float>? mean, IReadOnlyList<float>? deviation)
    {
        if (mean is not null && !(mean.Count == 3 && mean.All(float.IsFinite)))
            yield return $"Mean is {List(mean)}; it needs three finite numbers.";

        if (deviation is not null && !(deviation.Count == 3 && deviation.All(value => value > 0 && float.IsFinite(value))))
            yield return $"StandardDeviation is {List(deviation)}; it needs three numbers above 0.";

        static string List(IEnumerable<float> values) =>
            string.Join(", ", values.Select(value => FormattableString.Invariant($"{value}")));
    }
}
