using System.Globalization;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>What happens to a picture before a network: what its file or its user says, and the custom for the rest.</summary>
internal static class AssumedPictures
{
    // Crops of about 224 are cut out of 256 (Krizhevsky 2012, section 2); other networks are given the whole picture.
    private const int SmallestCrop = 200;

    private static readonly ValueNormalization s_zeroToOne = new([0], [255], "values from 0 to 1");

    /// <summary>The file with its preprocessing; what is assumed of it is said.</summary>
    /// <exception cref="AlexNetException">Mean or deviation are given for a file that normalizes itself.</exception>
    public static ModelFileContent Complete(ModelFileContent file, ModelFileOptions options, List<string> assumed)
    {
        var (mean, deviation) = Normalization(file, options, assumed);
        var meanImage = options.MeanImage ?? (options.Mean is null ? file.Preprocessing?.MeanImage : null);
        var pictures = Square(file, options, assumed) with { Mean = mean, StandardDeviation = deviation };
        return file with { Preprocessing = meanImage is null ? pictures : pictures.WithMeanImage(meanImage) };
    }

    private static (IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation) Normalization(
        ModelFileContent file, ModelFileOptions options, List<string> assumed)
    {
        var (mean, deviation) = (options.Mean, options.StandardDeviation);
        if (file.Normalization is { } layer)
        {
            if ((mean ?? deviation) is not null)
            {
                throw new AlexNetException(
                    $"The file normalizes the values itself: {layer.Source} subtracts {Numbers(layer.Mean)} and divides by "
                    + $"{Numbers(layer.StandardDeviation)}. Leave Mean and StandardDeviation out.");
            }

            assumed.Add($"values from 0 to 255, which {layer.Source} normalizes");
            return (layer.Mean, layer.StandardDeviation);
        }

        if (file.UnknownScaling is { } scaling && (mean is null || deviation is null))
        {
            throw new AlexNetException(
                $"its node {scaling} scales the values of a picture, in 8 bits, of which it cannot be told what goes in. Give Mean 0 "
                + "and StandardDeviation 1 if it takes values from 0 to 255, Mean 0 and StandardDeviation 255 for 0 to 1.")
            {
                Option = nameof(options.StandardDeviation),
            };
        }

        var known = file.Preprocessing is { } own ? new(own.Mean, own.StandardDeviation, "") : Custom(file, options);
        if (mean is null && file.Preprocessing is null)
            assumed.Add($"a mean of {Numbers(known.Mean)} ({known.Source})");
        if (deviation is null && file.Preprocessing is null)
            assumed.Add($"a deviation of {Numbers(known.StandardDeviation)} ({known.Source})");
        return (ForEach(mean ?? known.Mean), ForEach(deviation ?? known.StandardDeviation));

        // one number is for all channels
        IReadOnlyList<float> ForEach(IReadOnlyList<float> numbers) =>
            numbers is [var one] ? [.. Enumerable.Repeat(one, file.Plan.Input.Channels)] : numbers;
    }

    private static ValueNormalization Custom(ModelFileContent file, ModelFileOptions options)
    {
        if (options.Preset is { } preset)
        {
            return preset.Preprocessing is { } own ? new(own.Mean, own.StandardDeviation, preset.Name) : s_zeroToOne;
        }

        if (file.Plan.Input.Channels != 3)
            return s_zeroToOne;

        return PictureConvention.Of(file.Origin).Normalization
            ?? (TorchvisionLayout.Fits(file.Plan) && AlexNet.GetPreset("torchvision").Preprocessing is { } imageNet
                ? new(imageNet.Mean, imageNet.StandardDeviation, "torchvision")
                : s_zeroToOne);
    }

    // With no numbers yet.
    private static ImagePreprocessing Square(ModelFileContent file, ModelFileOptions options, List<string> assumed)
    {
        var side = file.Plan.Input.Height;
        var convention = PictureConvention.Of(file.Origin);
        var mode = options.ResizeMode ?? file.Preprocessing?.ResizeMode ?? convention.ResizeMode;
        var isCrop = mode == ImageResizeMode.Crop && side is >= SmallestCrop and <= ImagePreprocessing.DefaultImageSize;
        var size = options.ImageSize ?? file.Preprocessing?.ImageSize
            ?? (options.IsForTraining ? ImagePreprocessing.ChooseImageSize(side)
                : isCrop ? ImagePreprocessing.DefaultImageSize
                : side);
        if (file.Preprocessing is null && (options.ResizeMode is null || options.ImageSize is null))
        {
            var middle = size > side ? $", of that the middle {side}x{side}" : "";
            assumed.Add($"pictures {Word(mode)} to {size}x{size}{middle} ({convention.Source})");
        }

        var views = options.Views ?? file.Preprocessing?.Views ?? ScoringViews.Middle;
        views.Require(size, side);
        return new ImagePreprocessing(side, [], []) { ImageSize = size, ResizeMode = mode, Views = views };
    }

    private static string Word(ImageResizeMode mode) => mode switch
    {
        ImageResizeMode.Squash => "squashed",
        ImageResizeMode.Pad => "padded",
        _ => "cropped",
    };

    private static string Numbers(IReadOnlyList<float> values) => string.Join(
        ",", values.Distinct().Take(2).Count() == 1 ? values.Take(1).Select(Number) : values.Select(Number));

    private static string Number(float value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
