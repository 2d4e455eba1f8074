using System.Globalization;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>Makes a model of a network out of another framework's file, and says what it assumed for it.</summary>
internal static class ModelFileForeign
{
    // Crops of about 224 are cut out of 256 (Krizhevsky 2012, section 2); other networks are given the whole picture.
    private const int SmallestCrop = 200;

    public static ModelFileContent Complete(ImportedModel file, ModelFileOptions options)
    {
        file = ModelFileNames.ForScoring(file);
        var plan = file.Plan;
        var assumed = new List<string>(file.Assumed);
        var (mean, deviation, source) = Normalization(file, options);
        if (options.Mean is null)
            assumed.Add($"a mean of {Numbers(mean)}{source}");
        if (options.StandardDeviation is null)
            assumed.Add($"a deviation of {Numbers(deviation)}{source}");

        var side = plan.Input.Height;
        var isCrop = side <= ImagePreprocessing.DefaultImageSize && (side >= SmallestCrop || options.IsForTraining);
        if (!isCrop)
            assumed.Add($"whole pictures, scaled to {side}x{side}");
        if (options.Classes is null && !options.IsForTraining)
            assumed.Add($"classes named 0 to {plan.Output.Channels - 1}");

        var preprocessing = new ImagePreprocessing(side, options.Mean ?? mean, options.StandardDeviation ?? deviation)
        {
            ImageSize = isCrop ? ImagePreprocessing.DefaultImageSize : side,
        };
        var classes = options.Classes
            ?? [.. Enumerable.Range(0, plan.Output.Channels).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        return new ModelFileContent(
            new TrainedModel(plan, file.Weights, preprocessing, classes), file.Ignored, assumed, HoldsClasses: false);
    }

    private static (IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation, string Source) Normalization(
        ImportedModel file, ModelFileOptions options)
    {
        if (options.Preset?.Preprocessing is { } preset)
            return (preset.Mean, preset.StandardDeviation, $" ({options.Preset.Name})");

        return options.Preset is null && TorchvisionLayout.Fits(file.Plan)
            && AlexNet.Preset("torchvision").Preprocessing is { } imageNet
                ? (imageNet.Mean, imageNet.StandardDeviation, " (torchvision)")
                : ([0, 0, 0], [255, 255, 255], " (values from 0 to 1)");
    }

    private static string Numbers(IReadOnlyList<float> values) => string.Join(
        ",", values.Distinct().Take(2).Count() == 1 ? values.Take(1).Select(Number) : values.Select(Number));

    private static string Number(float value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
