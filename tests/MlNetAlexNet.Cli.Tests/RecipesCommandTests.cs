using System.CommandLine;
using System.Text.Json;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class RecipesCommandTests
{
    [TestMethod]
    public async Task Recipes_Listed_AreTheApprovedTextOf80Columns()
    {
        var result = await Invocation.Of("recipes");

        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.IsTrue(result.Out.Split('\n').All(line => line.Length <= 80), result.Out);
        Approved.Equals("recipes.txt", result.Out);
    }

    // What the list says to type is the recipe, to the last option.
    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Recipes_TypedAsFlags_AreTheRecipe(string name)
    {
        var recipe = Recipes.Get(name);
        var command = new Command("train");
        var flags = new TrainFlags(command);
        var typed = command.Parse(string.Join(' ', RecipeFlags.List(recipe)));

        Assert.IsEmpty(typed.Errors);
        var bare = new RunOptions { Data = "x" };
        Assert.AreEqual(
            JsonSerializer.Serialize(bare.WithRecipe(recipe)), JsonSerializer.Serialize(flags.Apply(typed, bare)));
    }

    public static IEnumerable<object[]> Names => Recipes.All.Select(recipe => new object[] { recipe.Name });
}
