namespace MlNetAlexNet.Images;

/// <summary>
/// Folders that a training writes: where they lie among the class folders, as after <c>train .</c>, they are none. One with
/// pictures is never such a folder.
/// </summary>
/// <param name="written">What is to be written now; empty names mean none.</param>
internal sealed class OutputFolders(IEnumerable<string?> written)
{
    /// <summary>The file that a run folder has while its run lasts.</summary>
    public const string Lock = ".alexnet-run";

    /// <summary>The file of a run's options.</summary>
    public const string Options = "options.json";

    /// <summary>The ending of files of decoded pictures.</summary>
    public const string Pixels = ".pixels";

    // runs/NAME-1/checkpoints, at the deepest.
    private static readonly EnumerationOptions s_all = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 3,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = true,
    };

    private readonly string[] _written =
        [.. written.OfType<string>().Where(path => path != "").Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))];

    /// <summary>None is to be written.</summary>
    public static OutputFolders None { get; } = new([]);

    /// <summary>Whether a folder is one, or holds nothing else of use.</summary>
    public bool Contain(string folder) =>
        !ImageFiles.HasPictures(folder)
        && (_written.Any(path => ImageFiles.IsWithin(path, folder)) || Directory.EnumerateFiles(folder, "*", s_all).Any(IsOfARun));

    private static bool IsOfARun(string file) => Path.GetFileName(file) is Lock or Options || Path.GetExtension(file) is Pixels or ".safetensors";
}
