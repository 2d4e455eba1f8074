using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training;

/// <summary>A model before training; whatever does not fit in it is refused before any work is done.</summary>
/// <param name="Model">Stack, weights, classes and preprocessing.</param>
/// <param name="MeasuresPictures">
/// Whether mean and deviation are still to be those of the training pictures; until then nothing is subtracted.
/// </param>
/// <param name="NewLastLayer">The layer that is a new one, for other classes than the start's; null for none.</param>
/// <param name="IsReordered">Whether the outputs of the start were put into the order of the classes.</param>
internal sealed record StartingModel(
    TrainedModel Model, bool MeasuresPictures, string? NewLastLayer = null, bool IsReordered = false)
{
    /// <exception cref="AlexNetException">Two parts do not fit each other.</exception>
    public static StartingModel Create(
        LayerPlan plan,
        WeightSet weights,
        ImagePreprocessing? preprocessing,
        IReadOnlyList<string> classes,
        PictureForm form,
        TrainingOptions options)
    {
        TrainedModel.RequirePictures(plan.Input);
        if (preprocessing?.Form is { } wanted && wanted != form)
        {
            throw new AlexNetException(
                $"The preprocessing is for pictures of {wanted}, but these are {form}. Load the pixels with "
                + $"ml.Transforms.LoadPixels({wanted.Side}, {nameof(ImageResizeMode)}.{wanted.Mode}).");
        }

        var channels = plan.Input.Channels;
        var known = preprocessing
            ?? new ImagePreprocessing(plan.Input.Height, new float[channels], [.. Enumerable.Repeat(1f, channels)])
            {
                ImageSize = form.Side,
                ResizeMode = form.Mode,
            };
        return new StartingModel(
            new TrainedModel(plan, weights, known, classes, options.TopK), MeasuresPictures: preprocessing is null);
    }
}
