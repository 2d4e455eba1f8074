using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training;

namespace ReadMeCode;

/// <summary>README's code that renames a class and goes on with others, as it stands there.</summary>
internal static class ReadMeClasses
{
    public static void Run()
    {
        var flowers = ModelFile.Read("flowers.zip", new ModelFileOptions
        {
            RenamedClasses = new Dictionary<string, string> { ["rose"] = "Rosa" },
        }).Model;
        ModelFile.Write(flowers, "flowers-renamed.zip");

        // Classes of the training pictures that it has keep their units of the last layer; others get new ones.
        var start = TrainingStart.FromModel(flowers);
    }
}
