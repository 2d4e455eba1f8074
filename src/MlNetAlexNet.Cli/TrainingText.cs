using System.Globalization;
using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Training;

namespace MlNetAlexNet.Cli;

/// <summary>What a training does to pictures and weights, in words.</summary>
internal static class TrainingText
{
    /// <summary>What is random about the pictures; dropout where there is some; decay where layers differ in it.</summary>
    public static IEnumerable<Paragraph> Describe(TrainingStarted training) =>
    [
        new("Augment", string.Join(", ", ListAugmentations(training))),
        .. training.Dropout.Count == 0 ? [] : (Paragraph[])[new("Dropout", JoinLayers(training.Dropout))],
        .. training.LayerDecays.Count == 0 ? [] : (Paragraph[])
        [
            new("Decay", $"{JoinLayers(training.LayerDecays):prose}; {Number(training.WeightDecay)} of the others"),
        ],
    ];

    /// <summary>What is random about the pictures, each in words.</summary>
    public static IReadOnlyList<string> ListAugmentations(TrainingStarted training)
    {
        var (augmentation, pictures) = (training.Augmentation, training.Preprocessing);
        if (augmentation == Augmentation.None)
            return ["nothing; the middle of each picture as it is"];

        return
        [
            !augmentation.RandomCrop ? "middle crops"
                : augmentation.SmallestArea is { } area ? $"random crops of {Percent(area)} of a picture and more"
                : pictures.CropSize == pictures.ImageSize ? "whole pictures"
                : "random crops",
            augmentation.Flip ? "half of them mirrored" : "none mirrored",
            .. Some(augmentation.ColorJitter, share => $"brightness, contrast and saturation by up to {Percent(share)}"),
            .. Some(augmentation.Lighting, by => $"lighting {Number(by)}"),
            .. augmentation.TrivialAugment ? ["one of fourteen changes to each"] : Array.Empty<string>(),
            .. Some(augmentation.RandomErasing, share => $"a rectangle covered in {Percent(share)}"),
            .. Some(augmentation.Mixup, alpha => $"mixup {Number(alpha)}"),
            .. Some(augmentation.CutMix, alpha => $"CutMix {Number(alpha)}"),
            .. augmentation.MixingProbability < 1 ? [$"{Percent(augmentation.MixingProbability)} of the batches mixed"] : Array.Empty<string>(),
        ];

        static string[] Some(double strength, Func<double, string> say) => strength > 0 ? [say(strength)] : [];
    }

    // 0.5 at dropout_1 and dropout_2, 0.2 at dropout_3
    private static string JoinLayers(IReadOnlyDictionary<string, double> layers) => string.Join(", ",
        layers.GroupBy(layer => layer.Value, layer => layer.Key).Select(group => $"{Number(group.Key)} at {string.Join(" and ", group)}"));

    private static string Number(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("0.##%", CultureInfo.InvariantCulture);
}
