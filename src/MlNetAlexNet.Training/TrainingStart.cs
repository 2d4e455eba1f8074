using MlNetAlexNet.Formats;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training;

/// <summary>
/// What a training starts from: the stack, its weights and the preprocessing of the pictures. Immutable, and made in
/// one of three ways. What does not fit the classes or the pictures is refused before any picture is read.
/// </summary>
public abstract class TrainingStart
{
    private protected TrainingStart()
    {
    }

    /// <summary>
    /// A preset with its own preprocessing and the random weights its authors start from, drawn from
    /// <see cref="TrainingOptions.Seed"/>.
    /// </summary>
    /// <param name="name">One of <see cref="AlexNet.Presets"/>. Default <c>keras</c>.</param>
    /// <param name="initialBias">
    /// What the biases start at that the preset starts above 0. Default null: the preset's own, 1 in <c>paper</c> and
    /// <c>caffenet</c> (Krizhevsky 2012, section 5); with 0.1 Caffe's authors saw them learn sooner.
    /// </param>
    /// <exception cref="AlexNetException">There is no such preset, or it starts no bias above 0.</exception>
    public static TrainingStart FromPreset(string name = AlexNet.DefaultPreset, double? initialBias = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        OptionFaults.RequireNone(PresetStart.ListFaults(name, initialBias));
        return new PresetStart(AlexNet.GetPreset(name), initialBias);
    }

    /// <summary>A stack of your own.</summary>
    /// <param name="stack">
    /// The stack; its last layer has as many units as there are classes. Its square input, of three channels or of one
    /// (grey), is the random crop taken out of the picture, so it may not be larger than the picture.
    /// </param>
    /// <param name="weights">
    /// The weights of the stack. Default null: <see cref="WeightInitializer.HeNormal"/>, drawn from
    /// <see cref="TrainingOptions.Seed"/>.
    /// </param>
    /// <param name="preprocessing">
    /// Crop and normalisation, for pictures of the size and resize mode to train on. Default null: mean and deviation of
    /// the training pictures.
    /// </param>
    /// <exception cref="AlexNetException">The stack is empty.</exception>
    public static TrainingStart FromStack(
        Sequential stack, WeightSet? weights = null, ImagePreprocessing? preprocessing = null)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var plan = stack.Plan();
        return new StackStart(_ => plan, weights, preprocessing);
    }

    /// <summary>A stack of your own for any number of classes.</summary>
    /// <param name="stack">The stack, given the number of classes.</param>
    /// <param name="weights">Of the stack with the classes that are trained. Default null: as of a ready one.</param>
    /// <param name="preprocessing">As of a ready one.</param>
    public static TrainingStart FromStack(
        Func<int, Sequential> stack, WeightSet? weights = null, ImagePreprocessing? preprocessing = null)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return new StackStart(classes => stack(classes).Plan(), weights, preprocessing);
    }

    /// <summary>
    /// A model to train on: its stack, weights and normalisation (warm start). Its last layer gets a unit for each class to
    /// train: the model's own where the model has a class of that name, else a new one (fine-tuning), drawn as
    /// <see cref="WeightInitializer.HeNormal"/> draws the last layer from <see cref="TrainingOptions.Seed"/>.
    /// </summary>
    /// <param name="model">The model.</param>
    public static TrainingStart FromModel(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelStart(model);
    }

    /// <summary>
    /// <see cref="FromModel"/> of a file. Where it does not say the names of its classes, those to train are taken for
    /// them if they are as many.
    /// </summary>
    internal static TrainingStart FromFile(ModelFileContent content) => new ModelStart(content.Model, content.HoldsClasses);

    /// <summary>The squares that pictures become where the user leaves it to the start.</summary>
    /// <param name="classes">The number of classes to train.</param>
    /// <exception cref="AlexNetException">The stack takes no pictures.</exception>
    internal abstract PictureForm ChooseForm(int classes);

    /// <summary>The model as it is before training, once the classes and the pictures are known.</summary>
    /// <param name="classes">The classes to train, in order.</param>
    /// <param name="form">The squares that the pictures are.</param>
    /// <param name="options">How it is trained; those that are no part of a start are not looked at.</param>
    /// <exception cref="AlexNetException">Stack, weights, preprocessing, classes, pictures or dropout do not fit each other.</exception>
    internal abstract StartingModel Resolve(IReadOnlyList<string> classes, PictureForm form, TrainingOptions options);
}
