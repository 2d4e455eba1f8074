namespace MlNetAlexNet.Cli;

/// <summary>Where the overlays of pictures go: into one folder, below it as the pictures lie below the folder that has them all.</summary>
internal static class OverlayPaths
{
    /// <summary>The ending of overlays, by which no command takes them for pictures of a folder.</summary>
    public const string Ending = ".explain.png";

    /// <summary>Chooses them.</summary>
    /// <param name="folder">The folder of the overlays.</param>
    /// <param name="pictures">The pictures, each once.</param>
    /// <returns>The path of the overlay of each picture. No two are one: names keep their endings.</returns>
    public static IReadOnlyDictionary<string, string> Choose(string folder, IReadOnlyCollection<string> pictures)
    {
        var names = pictures.ToDictionary(picture => picture, Names);
        var shared = names.Count == 0 ? 0 : names.Values.Min(way => way.Length) - 1;
        while (names.Values.Any(way => !way.AsSpan(0, shared).SequenceEqual(names.Values.First().AsSpan(0, shared))))
            shared--;

        return names.ToDictionary(way => way.Key, way => Path.Combine([folder, .. way.Value[shared..]]) + Ending);
    }

    // Of the drive, the folders and the file.
    private static string[] Names(string picture) =>
    [
        .. Path.GetFullPath(picture)
            .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Select(name => Path.VolumeSeparatorChar == ':' ? name.Replace(':', '_') : name), // of Windows' C:
    ];
}
