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

        var plan = options.Network(classes.Count, options.Dropout).Plan();
        return new TrainedModel(
            plan,
            options.InitialWeights ?? WeightInitializer.HeNormal(plan, new Random(options.Seed)),
            options.Preprocessing ?? new ImagePreprocessing(plan.Input.Height, [0, 0, 0], [1, 1, 1]) { ImageSize = imageSize },
            classes,
            options.TopK);
    }
}
