using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Faults.Mutants;

/// <summary>An options.json with every option that has a value, and changes of its bytes and of its values.</summary>
internal static class OptionsMutants
{
    public static Func<Random, byte[]> Create()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "options.json");
        OptionsFile.Write(
            new RunOptions
            {
                Data = "pictures",
                Training = Recipes.SmallData.Training with { ClassWeights = new Dictionary<string, double> { ["a"] = 2 } },
            },
            path);
        var whole = File.ReadAllBytes(path);
        return random => random.Next(3) == 0 ? ByteChanges.Apply(whole, random) : JsonChanges.Apply(whole, random);
    }
}
