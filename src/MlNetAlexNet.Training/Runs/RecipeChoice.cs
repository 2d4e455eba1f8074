using MlNetAlexNet.Images;

namespace MlNetAlexNet.Training.Runs;

/// <summary>The recipe that a run takes which names none.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="TrainPictures">
/// Pictures to train on, those without a label and those that cannot be decoded among them; where some of them are to be drawn for the
/// validation or the test, by the shares of these, which the draw keeps on average.
/// </param>
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
        var pictures = CountTrain(options) + more;
        return new(options.Start.InitialWeights is null ? Recipes.GetDefault(pictures) : Recipes.Plain, pictures);
    }

    // Without the draw, which reads every byte.
    private static int CountTrain(RunOptions options)
    {
        OptionFaults.RequireNone(options.Split.ListFaults());
        var found = (options with { Split = new() { ValidationFraction = 0, TestFraction = 0 } }).OpenData();
        var drawn = (found.Validation.Count == 0 ? options.Split.ValidationFraction : 0) + (found.Test.Count == 0 ? options.Split.TestFraction : 0);
        return (int)Math.Round(found.Train.Count * (1 - drawn));
    }
}
