namespace MlNetAlexNet.Images;

/// <summary>What systems, network drives and programs leave among a user's files: neither classes nor pictures.</summary>
internal static class JunkNames
{
    private static readonly HashSet<string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        "$RECYCLE.BIN", "RECYCLER", "RECYCLED", "System Volume Information", "FOUND.000", // Windows
        "Thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "Picasa.ini",
        "__MACOSX", "Icon\r", "Network Trash Folder", "Temporary Items", "TheVolumeSettingsFolder", // macOS
        "lost+found", // the file systems of Linux
        "@eaDir", "@tmp", "@sharebin", "#recycle", "#snapshot", "@Recycle", "@Recently-Snapshot", "~snapshot", // network drives
        "__pycache__", "CVS",
    };

    // What is kept of a file beside it, where a drive has no other place, and overlays of explanations, which are not to be learnt.
    private static readonly string[] s_endings = [":Zone.Identifier", "@SynoEAStream", "@SynoResource", ".explain.png"];

    /// <summary>Whether a name is such a one, or begins with a dot: hidden, but on Windows (<c>._x.jpg</c>, <c>.AppleDouble</c>).</summary>
    public static bool Contain(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith('.') || s_names.Contains(name)
            || s_endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }
}
