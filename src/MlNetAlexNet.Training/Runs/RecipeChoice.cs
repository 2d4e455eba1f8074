using MlNetAlexNet.Images;

namespace MlNetAlexNet.Training.Runs;

/// <summary>The recipe that a run takes which names none.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="TrainPictures">Pictures to train on, those without a label and those that cannot be decoded among them.</param>
public sealed record RecipeChoice(Recipe Recipe, int TrainPictures)
{
    /// <summary>
    /// <see cref="Recipes.GetDefault"/> of the folder's pictures, or <see cref="Recipes.Plain"/> where the run starts from
    /// weights that are not random.
    /// </summary>
    /// <param name="options">Folder, split and start of the run.</param>
    /// <exception cref="AlexNetException">The options or the folder cannot be used.</exception>
    public static RecipeChoice Make(RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var more = options.Unlabelled is { } unlabelled ? ImageFolder.ListPictures(unlabelled).Count : 0;
        var pictures = options.OpenData().Train.Count + more;
        return new(options.Start.InitialWeights is null ? Recipes.GetDefault(pictures) : Recipes.Plain, pictures);
    }
}
