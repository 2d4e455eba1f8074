using System.Runtime.CompilerServices;

namespace MlNetAlexNet.Tests;

/// <summary>The folder that holds MlNetAlexNet.sln, found from this file.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(here, "..", "..", ".."));
}
