namespace MlNetAlexNet.Tests;

/// <summary>
/// Files of other frameworks with the results they must give, shared beside the repository. A test that needs them is
/// skipped where they are not.
/// </summary>
internal static class Expected
{
    public static string Keras(string file) => Existing(Path.Combine("keras", file));

    public static string Torch(string file) => Existing(Path.Combine("torch", file));

    private static string Existing(string file)
    {
        var path = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "expected", file));
        if (!File.Exists(path))
        {
            Assert.Inconclusive($"Needs the file '{path}'.");
        }

        return path;
    }
}
