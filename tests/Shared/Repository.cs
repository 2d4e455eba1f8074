namespace MlNetAlexNet.Tests;

/// <summary>The folder of this clone, found from the folder the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    private static string Above(string folder) => File.Exists(Path.Combine(folder, "MlNetAlexNet.sln"))
        ? folder
        : Above(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No MlNetAlexNet.sln above."));
}
