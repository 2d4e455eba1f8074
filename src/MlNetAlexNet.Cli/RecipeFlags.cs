using System.Globalization;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training;

namespace MlNetAlexNet.Cli;

/// <summary>A recipe as one could type it: the flags of <c>train</c> that make it out of the default options.</summary>
internal static class RecipeFlags
{
    /// <summary>A flag and its value each. Flags are called as the options they set.</summary>
    public static IReadOnlyList<string> List(Recipe recipe) =>
    [
        .. recipe.Preset is { } preset ? [$"--preset {preset}"] : Array.Empty<string>(),
        .. recipe.InitialBias is { } bias ? [Write(nameof(recipe.InitialBias), bias)] : Array.Empty<string>(),
        .. Compare(Recipes.Plain.Training, recipe.Training),
    ];

    private static IEnumerable<string> Compare<T>(T standard, T options)
    {
        foreach (var property in typeof(T).GetProperties().Where(property => property.CanWrite))
        {
            var value = property.GetValue(options);
            if (value is Augmentation augmentation)
            {
                foreach (var flag in Compare(Recipes.Plain.Training.Augmentation, augmentation))
                    yield return flag;
            }
            else if (value is not null && !value.Equals(property.GetValue(standard)))
            {
                yield return Write(property.Name, value);
            }
        }
    }

    private static string Write(string name, object value) => value switch
    {
        ScoringViews views => ViewFlags.All.Single(flag => flag.Views == views).Name,
        true => FlagName.Of(name),
        false => $"--no{FlagName.Of(name)[1..]}",
        _ => $"{FlagName.Of(name)} {string.Create(CultureInfo.InvariantCulture, $"{value}")}",
    };
}
