namespace MlNetAlexNet.Faults.Mutants;

/// <summary>Pictures that others made to break decoders, as they are; they lie beside the repository.</summary>
internal static class HostilePictures
{
    private static readonly string[] s_endings = [".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"];

    public static string Folder => Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "datasets", "hostile"));

    /// <summary>Their files, in one order.</summary>
    public static string[] List() => [.. Directory.GetFiles(Folder, "*", SearchOption.AllDirectories)
        .Where(path => s_endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal)];

    public static Func<int, Random, byte[]> Create()
    {
        var files = List();
        return (index, _) => File.ReadAllBytes(files[index]);
    }
}
