namespace MlNetAlexNet.Tests.Images;

/// <summary>Pictures shared beside the repository.</summary>
internal static class Datasets
{
    public static string Clothing { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "../shared/datasets/clothing"));

    public static string Hostile { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "../shared/datasets/hostile"));
}
