namespace MlNetAlexNet.Tests.Images;

/// <summary>
/// Photographs of other people, which lie beside the repository. A test that needs them is skipped where they are not, and
/// stands in <c>tests/skipped.txt</c>.
/// </summary>
internal static class Datasets
{
    public static string Clothing => Existing("clothing");

    public static string Hostile => Existing("hostile");

    private static string Existing(string name)
    {
        var folder = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "datasets", name));
        if (!Directory.Exists(folder))
        {
            Assert.Inconclusive($"Needs the pictures of '{folder}'.");
        }

        return folder;
    }
}
