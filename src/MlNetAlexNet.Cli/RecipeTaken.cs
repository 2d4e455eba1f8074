using System.Globalization;
using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli;

/// <summary>A run goes by a recipe.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="TrainPictures">Pictures to train on, for which it was chosen; null where it was named.</param>
internal sealed record RecipeTaken(Recipe Recipe, int? TrainPictures) : TrainingProgress
{
    /// <summary>Null where the run is one of the default options, or cannot be one: what is wrong with it is told when it runs.</summary>
    public static RecipeTaken? Choose(RunOptions options) =>
        Path.Exists(options.Data) && RecipeChoice.Make(options) is var (recipe, pictures) && recipe != Recipes.Plain ? new(recipe, pictures) : null;

    /// <summary>What the run says of it.</summary>
    public Paragraph Describe() => new("Recipe", TrainPictures is { } pictures
        ? string.Create(CultureInfo.InvariantCulture, $"{Recipe.Name}, the default for about {pictures:N0} pictures to train on and random weights; ")
            + "--recipe names another, 'alexnet recipes' lists them"
        : Recipe.Name);
}
