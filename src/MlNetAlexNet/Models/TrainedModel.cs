using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Models;

/// <summary>A trained network and all that scoring and retraining need with it.</summary>
public sealed record TrainedModel
{
    /// <summary>Puts the parts together.</summary>
    /// <param name="plan">A stack from a square picture of three channels, or of one, to a softmax over the classes.</param>
    /// <param name="weights">Exactly the weights of that stack.</param>
    /// <param name="preprocessing">What happens to a picture before the stack.</param>
    /// <param name="classes">Class names in the order of the last layer's units, all different, none empty.</param>
    /// <param name="topK">
    /// Classes in <c>TopLabels</c> and <c>TopScores</c>, at least 1. Default 5; never more than there are classes.
    /// </param>
    /// <exception cref="AlexNetException">Two parts do not fit each other; the message names them.</exception>
    public TrainedModel(
        LayerPlan plan,
        WeightSet weights,
        ImagePreprocessing preprocessing,
        IReadOnlyList<string> classes,
        int topK = 5)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentNullException.ThrowIfNull(classes);
        weights.RequireFit(plan);
        RequireFit(preprocessing, plan);
        RequireFit(classes, plan);
        if (topK < 1)
            throw new AlexNetException($"TopK is {topK}; it must be at least 1.");

        (Plan, Weights, Preprocessing, Classes) = (plan, weights, preprocessing, CanonicalForms.Compose(classes));
        TopK = Math.Min(topK, classes.Count);
    }

    /// <summary>The stack.</summary>
    public LayerPlan Plan { get; }

    /// <summary>Its weights.</summary>
    public WeightSet Weights { get; }

    /// <summary>What happens to a picture before the stack.</summary>
    public ImagePreprocessing Preprocessing { get; private init; }

    /// <summary>Class names in the order of the last layer's units, in Unicode's composed form (NFC).</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Classes in <c>TopLabels</c> and <c>TopScores</c>.</summary>
    public int TopK { get; }

    /// <summary>
    /// The pictures that it was trained on, in this training and those before; figures of these say nothing. Default: none
    /// are known.
    /// </summary>
    public PictureFingerprints TrainedOn { get; init; } = PictureFingerprints.None;

    /// <summary>
    /// The validation pictures, by which the best of its epochs was chosen, in this training and those before: figures of these are
    /// a little better than of others. Default: none are known.
    /// </summary>
    public PictureFingerprints ChosenBy { get; init; } = PictureFingerprints.None;

    /// <summary>The same model of pictures that became squares in a certain way.</summary>
    internal TrainedModel WithResizeMode(ImageResizeMode mode) => mode == Preprocessing.ResizeMode
        ? this
        : this with { Preprocessing = Preprocessing with { ResizeMode = mode } };

    /// <summary>The same model with other views that are scored.</summary>
    internal TrainedModel WithViews(ScoringViews views) =>
        this with { Preprocessing = Preprocessing with { Views = views } };

    /// <summary>Checks that a stack takes pictures.</summary>
    /// <exception cref="AlexNetException">It takes no square, or one of other channels.</exception>
    internal static void RequirePictures(TensorShape input)
    {
        if (input.IsFlat || input.Height != input.Width || input.Channels is not (1 or 3))
        {
            throw new AlexNetException(
                $"The stack takes {input}. Pictures are square, of three channels (red, green, blue) or one (grey): "
                + $"give the stack an input such as {TensorShape.Image(64, 64, 3)}.");
        }
    }

    private static void RequireFit(ImagePreprocessing preprocessing, LayerPlan plan)
    {
        RequirePictures(plan.Input);
        OptionFaults.RequireNone(preprocessing.ListFaults());
        if (preprocessing.CropSize > preprocessing.ImageSize)
        {
            throw new AlexNetException(
                $"A crop of {preprocessing.CropSize} pixels out of a picture of {preprocessing.ImageSize}; it cannot be larger. "
                + $"ImageSize must be at least {preprocessing.CropSize}.")
            {
                Option = nameof(preprocessing.ImageSize),
            };
        }

        var crop = TensorShape.Image(preprocessing.CropSize, preprocessing.CropSize, plan.Input.Channels);
        if (plan.Input != crop)
            throw new AlexNetException($"The stack takes {plan.Input}, the crop gives {crop}; they must be equal.");

        if (preprocessing.Mean.Count != plan.Input.Channels)
        {
            throw new AlexNetException(
                $"The stack takes {plan.Input}, but Mean and StandardDeviation have {preprocessing.Mean.Count} numbers; "
                + "they need one for each channel.");
        }
    }

    private static void RequireFit(IReadOnlyList<string> classes, LayerPlan plan)
    {
        if (plan.Output != TensorShape.Vector(classes.Count) || !plan[^1].EndsInSoftmax)
        {
            throw new AlexNetException(
                $"{plan[^1].Name} ends the stack with {plan.Output} for {classes.Count} classes; the last layer must be " +
                $"Dense({classes.Count}, Activation.Softmax), or ActivationLayer(Activation.Softmax) after a linear one.");
        }

        if (classes.Any(string.IsNullOrEmpty))
            throw new AlexNetException("A class has an empty name; every class needs one.");

        if (classes.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new AlexNetException($"Two classes are called '{twice.Key}'; class names must differ.");
    }
}
