namespace MlNetAlexNet.Images;

/// <summary>
/// Folders that a training writes: where they lie among the class folders, as after <c>train .</c>, they are none. What is told by
/// the files in them: one that has those of a run stays such a folder if somebody puts pictures into it.
/// </summary>
/// <param name="written">What is to be written now; empty names mean none.</param>
internal sealed class OutputFolders(IEnumerable<string?> written)
{
    /// <summary>The file that a run folder has while its run lasts.</summary>
    public const string Lock = ".alexnet-run";

    /// <summary>The file of a run's options.</summary>
    public const string Options = "options.json";

    /// <summary>The folder of a run's checkpoints.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>The file of a run's model.</summary>
    public const string Model = "model.zip";

    /// <summary>The file of a run's epochs.</summary>
    public const string History = "history.csv";

    /// <summary>The ending of files of decoded pictures.</summary>
    public const string Pixels = ".pixels";

    private static readonly string[] s_beside = [Model, History, Checkpoints];

    private readonly string[] _written =
        [.. written.OfType<string>().Where(path => path != "").Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))];

    /// <summary>None is to be written.</summary>
    public static OutputFolders None { get; } = new([]);

    /// <summary>Whether a folder is one, or holds nothing else of use.</summary>
    public bool Contain(string folder) =>
        !ImageFiles.HasPictures(folder, but: IsRun)
        && (_written.Any(path => ImageFiles.IsWithin(path, folder)) || ImageFiles.FindFoldersFrom(folder).Any(HasAnOutput));

    // A file of options alone may be of a program that has made the pictures.
    private static bool IsRun(string folder) =>
        File.Exists(Path.Combine(folder, Lock))
        || (File.Exists(Path.Combine(folder, Options)) && s_beside.Any(name => Path.Exists(Path.Combine(folder, name))));

    private static bool HasAnOutput(string folder) => Directory.EnumerateFiles(folder)
        .Any(file => Path.GetFileName(file) is Lock or Options || Path.GetExtension(file) is Pixels or ".safetensors");
}
