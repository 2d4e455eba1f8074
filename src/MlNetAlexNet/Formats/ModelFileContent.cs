using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Formats;

/// <summary>
/// What a file holds of a model, in this library's terms. This library's own files hold all of it, those of other
/// frameworks the network; what else a model needs is null then.
/// </summary>
/// <param name="Plan">The stack.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="Ignored">What the file holds beside them and is of no use here, such as optimizer state.</param>
public sealed record ModelFileContent(LayerPlan Plan, WeightSet Weights, IReadOnlyList<string> Ignored)
{
    /// <summary>What the file does not say and was assumed, in words. Default: nothing.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];

    /// <summary>The file beside it that says what this one cannot hold. Default null: there is none.</summary>
    public string? Beside { get; init; }

    /// <summary>What happens to a picture before the stack. Default null: not said.</summary>
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>
    /// What the file's own layers do to the values of a picture, 0 to 255, before the stack, such as Keras'
    /// <c>Rescaling</c>; of a model that is to be written, what such a layer of the file has to do. Default null: there is
    /// none.
    /// </summary>
    public ValueNormalization? Normalization { get; init; }

    /// <summary>
    /// What in the network scales the values of a picture, where it cannot be read of which values. Default null: nothing
    /// does, or <see cref="Normalization"/> says it.
    /// </summary>
    internal string? UnknownScaling { get; init; }

    /// <summary>What of the file is for a training from it. Default: nothing.</summary>
    internal TrainingSettings Training { get; init; } = TrainingSettings.None;

    /// <summary>Whose habits its pictures follow. Default PyTorch's.</summary>
    internal ModelOrigin Origin { get; init; }

    /// <summary>
    /// Makes the graph that scores, where the stack is only around a network that is kept as it is. Default null: the
    /// stack is the network.
    /// </summary>
    internal Func<TrainedModel, ScoringGraph>? Wrap { get; init; }

    /// <summary>Class names in the order of the last layer's units. Default null: not said.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Classes in <c>TopLabels</c> and <c>TopScores</c>. Default 5.</summary>
    public int TopK { get; init; } = 5;

    /// <summary>As in <see cref="TrainedModel"/>. Default: not said.</summary>
    public PictureFingerprints TrainedOn { get; init; } = PictureFingerprints.None;

    /// <summary>As in <see cref="TrainedModel"/>. Default: not said.</summary>
    public PictureFingerprints ChosenBy { get; init; } = PictureFingerprints.None;

    /// <summary>Whether the file itself, or the one beside it, says the class names. Default false.</summary>
    public bool HoldsClasses { get; init; }

    /// <summary>The whole model. What <c>ModelFile.Read</c> gives has it always.</summary>
    /// <exception cref="AlexNetException">Class names or normalization are not known, or parts do not fit.</exception>
    public TrainedModel Model => Preprocessing is { } preprocessing && Classes is { } classes
        ? new TrainedModel(Plan, Weights, preprocessing, classes, TopK) { TrainedOn = TrainedOn, ChosenBy = ChosenBy }
        : throw new AlexNetException(
            "The file says neither class names nor normalization. Read it with ModelFile.Read, which completes it.");

    /// <summary>A whole model, as one of this library's own files holds it.</summary>
    internal static ModelFileContent Of(TrainedModel model) => new(model.Plan, model.Weights, Ignored: [])
    {
        Preprocessing = model.Preprocessing,
        Classes = model.Classes,
        TopK = model.TopK,
        TrainedOn = model.TrainedOn,
        ChosenBy = model.ChosenBy,
        HoldsClasses = true,
    };
}
