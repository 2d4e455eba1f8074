using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training;

/// <summary>The model as it is before training, so that whatever does not fit is refused before any work is done.</summary>
internal static class UntrainedModel
{
    /// <summary>The stack and the weights to start from; without given preprocessing, nothing is subtracted yet.</summary>
    /// <exception cref="AlexNetException">Stack, weights, preprocessing, classes or pictures do not fit each other.</exception>
    public static TrainedModel Of(TrainingOptions options, IReadOnlyList<string> classes, int imageSize)
    {
        if (classes.Count < 2)
        {
            throw new AlexNetException(
                $"The label column '{options.LabelColumnName}' has {classes.Count} class(es) "
                + $"({string.Join(", ", classes)}); a classifier needs at least 2.");
        }

        if (options.Preprocessing is { ImageSize: var size } && size != imageSize)
        {
            throw new AlexNetException(
                $"The preprocessing is for pictures of {size}x{size}, but column '{options.PixelsColumnName}' has "
                + $"{imageSize}x{imageSize}. Load the pixels with ml.Transforms.LoadPixels({size}).");
        }

        var plan = options.Model.Network(classes.Count, options.Dropout).Plan();
        return new TrainedModel(
            plan,
            options.InitialWeights ?? Drawn(options, plan),
            Preprocessing(options, imageSize)
                ?? new ImagePreprocessing(plan.Input.Height, [0, 0, 0], [1, 1, 1]) { ImageSize = imageSize },
            classes,
            options.TopK);
    }

    private static WeightSet Drawn(TrainingOptions options, LayerPlan plan)
    {
        var drawn = options.Model.InitialWeights(plan, new Random(options.Seed));
        if (options.InitialBias is { } bias)
        {
            foreach (var (key, weight) in drawn)
            {
                if (key.EndsWith("/bias", StringComparison.Ordinal) && weight.Values.All(value => value > 0))
                    Array.Fill(weight.Values, (float)bias);
            }
        }

        return drawn;
    }

    /// <summary>What is done to the pictures whatever they are; null where their own mean and deviation decide.</summary>
    public static ImagePreprocessing? Preprocessing(TrainingOptions options, int imageSize) => options.Preprocessing
        ?? (options.Model.Preprocessing is { } preset ? preset with { ImageSize = imageSize } : null);
}
