using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training;

/// <summary>A model before training; whatever does not fit in it is refused before any work is done.</summary>
/// <param name="Model">Stack, weights, classes and preprocessing.</param>
/// <param name="MeasuresPictures">
/// Whether mean and deviation are still to be those of the training pictures; until then nothing is subtracted.
/// </param>
/// <param name="MeasuresNormalization">
/// Whether batch normalizations were put into a trained network, whose statistics are still to be measured; until then they
/// do nothing.
/// </param>
internal sealed record StartingModel(TrainedModel Model, bool MeasuresPictures, bool MeasuresNormalization)
{
    /// <summary>What became of the start's classes. Default: they are those to train, in their order.</summary>
    public ClassChange Classes { get; init; } = ClassChange.None;

    /// <summary>Whether a mean image is still to be that of the training pictures. Default false.</summary>
    public bool MeasuresMeanImage { get; init; }

    /// <summary>Layers, from the first, that keep their weights. Default 0.</summary>
    public int FrozenLayers { get; init; }

    /// <summary>Factors of the learning rate by layer; one not named has the whole rate.</summary>
    public IReadOnlyDictionary<string, double> Rates { get; init; } = new Dictionary<string, double>();

    /// <param name="plan">The stack.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="preprocessing">Null to measure the pictures.</param>
    /// <param name="classes">Those to train.</param>
    /// <param name="form">Of the pictures.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="isTrained">Whether the weights are not drawn, so that what the network computes is to be kept.</param>
    /// <param name="change">What became of the classes of trained weights. Default: nothing.</param>
    /// <exception cref="AlexNetException">Two parts do not fit each other.</exception>
    public static StartingModel Create(
        LayerPlan plan,
        WeightSet weights,
        ImagePreprocessing? preprocessing,
        IReadOnlyList<string> classes,
        PictureForm form,
        TrainingOptions options,
        bool isTrained,
        ClassChange? change = null)
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
        if (options.KeepsSides && options.Views is null && known.Views != ScoringViews.Middle)
        {
            throw new AlexNetException(
                $"Flip is false, so that no picture is to be mirrored, and the model to start from scores mirror images: its Views are {known.Views}. "
                + $"Set Views to {ScoringViews.Middle}, or leave Flip as it is.")
            {
                Option = $"{nameof(options.Views)}.{ScoringViews.Middle}",
            };
        }

        known = known with { Views = options.Views ?? known.Views };
        RequireMeanImage(options, known, isTrained);
        var model = new TrainedModel(plan, weights, known, classes, options.TopK);
        var isNormalized = false;
        var frozen = LayerGroups.CountFrozen(plan, options, isTrained);
        if (options.BatchNormalization)
        {
            var normalized = plan.WithBatchNormalization(frozen);
            if (normalized.Count == plan.Count && !plan.Any(planned => planned.Layer is BatchNormalization))
            {
                throw new AlexNetException(
                    $"{nameof(options.BatchNormalization)} has nothing to normalize: no layer with weights is trained before the last one. Leave it out.")
                {
                    Option = nameof(options.BatchNormalization),
                };
            }

            model = new TrainedModel(
                normalized, weights.WithBatchNormalization(normalized), known, classes, options.TopK);
            isNormalized = true;
        }

        LayerGroups.RequireDecayed(model.Plan, options, frozen);
        return new StartingModel(model, MeasuresPictures: preprocessing is null, isNormalized && isTrained)
        {
            Classes = change ?? ClassChange.None,
            MeasuresMeanImage = options.MeanImage && known.MeanImage is null,
            FrozenLayers = frozen,
            Rates = LayerGroups.ListRates(model.Plan, options, frozen, isTrained, change?.NewUnits),
        };
    }

    // Trained weights know their own mean; and only pixels that are as they were have a place in a mean image.
    private static void RequireMeanImage(TrainingOptions options, ImagePreprocessing known, bool isTrained)
    {
        if (options.MeanImage && known.MeanImage is null && isTrained)
        {
            throw new AlexNetException(
                "MeanImage is for random weights; those to start from were trained with a mean colour, and keep it. Leave it out, or "
                + "take a recipe without it.")
            {
                Option = nameof(options.MeanImage),
            };
        }

        if ((options.MeanImage || known.MeanImage is not null) && !options.Augmentation.KeepsPixels)
        {
            throw new AlexNetException(
                "A mean image is subtracted of pixels in their places, and SmallestArea, ColorJitter, TrivialAugment or "
                + "RandomErasing changes these. Leave them out (the recipe plain has none), or the mean image.");
        }
    }
}
