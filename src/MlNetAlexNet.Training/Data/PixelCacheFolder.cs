using MlNetAlexNet.Formats;
using MlNetAlexNet.Images;

namespace MlNetAlexNet.Training.Data;

/// <summary>The files of the pixel cache: one for each list of pictures, named by its key.</summary>
/// <param name="path">The folder, created when it is needed.</param>
/// <param name="limit">Bytes of all files together.</param>
/// <param name="clock">Says when a file was used last.</param>
internal sealed class PixelCacheFolder(string path, long limit, TimeProvider clock)
{
    private const string Extension = OutputFolders.Pixels;
    private const string HalfExtension = ".half";

    // Of another computer, a file that is not whole after a day is of a run that ended before its time.
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>The file of a list of pictures.</summary>
    public string GetFile(byte[] key) => Path.Combine(path, Convert.ToHexStringLower(key) + Extension);

    /// <summary>A name that no other run uses, to be renamed when the file is whole.</summary>
    public string NameHalfFile() => Path.Combine(path, ProcessMark.Create() + HalfExtension);

    /// <summary>Marks a file as used now, and deletes those that were not used for longest until all fit the limit.</summary>
    public void MarkUsed(string file)
    {
        try
        {
            File.SetLastWriteTimeUtc(file, clock.GetUtcNow().UtcDateTime);
            Shrink(file, limit);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Another run deleted a file first, or the folder may be read only; the pictures are there all the same.
        }
    }

    /// <summary>Deletes files that were not used for longest until a new one of that many bytes fits the limit.</summary>
    public void MakeRoom(long bytes)
    {
        try
        {
            Shrink(used: null, limit - bytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // As in Used.
        }
    }

    private void Shrink(string? used, long most)
    {
        var files = new DirectoryInfo(path).GetFiles();
        foreach (var file in files.Where(file => file.Extension == HalfExtension
            && (ProcessMark.IsOfADeadProcess(file.Name) || clock.GetUtcNow() - file.LastWriteTimeUtc > Abandoned)))
        {
            DeleteUnlessInUse(file.FullName);
        }

        var whole = files.Where(file => file.Extension == Extension).ToList();
        var bytes = whole.Sum(file => file.Length);
        foreach (var file in whole.Where(file => file.FullName != used).OrderBy(file => file.LastWriteTimeUtc))
        {
            if (bytes > most && DeleteUnlessInUse(file.FullName))
            {
                bytes -= file.Length;
            }
        }
    }

    private static bool DeleteUnlessInUse(string file)
    {
        try
        {
            // Who reads it holds a lock that this open does not get.
            using (File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.None, FileOptions.DeleteOnClose))
            {
                return true;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
