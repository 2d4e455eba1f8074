using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace MlNetAlexNet.Images;

/// <summary>
/// Names of files that are not UTF-8, as Linux allows and old archives leave them. .NET gives each with U+FFFD in place of what
/// it cannot read, and opens none.
/// </summary>
internal static partial class RawNames
{
    private const int MostNamed = 5;

    /// <summary>Whether .NET shows a name that it could not read.</summary>
    public static bool IsLost(string path) =>
        Path.GetFileName(path.AsSpan()).Contains('\uFFFD') && !File.Exists(path) && !Directory.Exists(path);

    /// <summary>What is said of a path that leads to nothing; null if its name was read.</summary>
    public static AlexNetException? FindFault(string path) =>
        IsLost(path) && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && Directory.Exists(folder) ? Refuse(folder) : null;

    /// <summary>What is said of the names in a folder that are not UTF-8, each with its bytes.</summary>
    public static AlexNetException Refuse(string folder)
    {
        var names = ListLost(folder);
        var more = names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "";
        return new AlexNetException(
            $"In '{folder}' {(names.Count == 1 ? "a name is" : "names are")} not UTF-8: "
            + $"{string.Join(", ", names.Take(MostNamed).Select(name => $"'{name}'"))}{more}. Files and folders with such names "
            + $"cannot be opened. Rename {(names.Count == 1 ? "it" : "them")}; 'convmv' renames whole folders.")
        {
            PictureFault = PictureFault.Unreadable,
        };
    }

    private static List<string> ListLost(string folder)
    {
        // Elsewhere the file system allows no such name.
        var names = OperatingSystem.IsLinux() && Environment.Is64BitProcess ? ReadNames(folder) : [];
        var lost = names.Where(name => !Utf8.IsValid(name)).Select(Escape).Order(StringComparer.Ordinal).ToList();
        return lost.Count > 0 ? lost : ["\uFFFD"];
    }

    private static string Escape(byte[] name)
    {
        var text = new StringBuilder();
        for (ReadOnlySpan<byte> rest = name; !rest.IsEmpty;)
        {
            var isRead = Rune.DecodeFromUtf8(rest, out var letter, out var length) == System.Buffers.OperationStatus.Done;
            if (isRead && !Rune.IsControl(letter))
                text.Append(letter);
            else
            {
                foreach (var one in rest[..length])
                    text.Append(CultureInfo.InvariantCulture, $"\\x{one:X2}");
            }

            rest = rest[length..];
        }

        return text.ToString();
    }

    private static unsafe List<byte[]> ReadNames(string folder)
    {
        const int NameOffset = 19; // of struct dirent, behind d_ino, d_off, d_reclen and d_type, on 64 bits
        var names = new List<byte[]>();
        if (OpenDirectory(folder) is var directory && directory == 0)
            return names;

        while (ReadDirectory(directory) is var entry && entry != null)
            names.Add(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + NameOffset).ToArray());
        _ = CloseDirectory(directory);
        return names;
    }

    [LibraryImport("libc", EntryPoint = "opendir", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint OpenDirectory(string name);

    [LibraryImport("libc", EntryPoint = "readdir")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial byte* ReadDirectory(nint directory);

    [LibraryImport("libc", EntryPoint = "closedir")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseDirectory(nint directory);
}
