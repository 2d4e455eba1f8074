using System.Collections.Concurrent;

namespace MlNetAlexNet.Formats;

/// <summary>
/// Names for temporary files, in a folder of this process that goes when it ends. What a killed process left goes when the next
/// one takes a first name in the same place. Whose process runs is told twice, by its number and by a lock that it holds.
/// </summary>
internal sealed class TemporaryFiles
{
    private const string Lock = ".lock";

    private static readonly ConcurrentDictionary<string, Lazy<TemporaryFiles>> s_places = new(StringComparer.Ordinal);

    private readonly FileStream _lock;
    private readonly string _folder;

    private TemporaryFiles(string place)
    {
        DeleteAbandoned(place);
        (_lock, _folder) = Claim(place);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            Delete(_folder);
            Delete(_lock);
        };
    }

    /// <summary>A name that no file has.</summary>
    /// <param name="ending">What it ends in. Default: nothing.</param>
    /// <param name="place">The folder to make the process's folder in. Default: the system's for temporary files.</param>
    /// <exception cref="AlexNetException">It cannot be written to.</exception>
    public static string NewPath(string ending = "", string? place = null)
    {
        place = Path.GetFullPath(place ?? Path.GetTempPath());
        try
        {
            var own = s_places.GetOrAdd(
                place, one => new(() => new TemporaryFiles(one), LazyThreadSafetyMode.PublicationOnly)).Value;
            Directory.CreateDirectory(own._folder); // someone may have tidied up
            return Path.Combine(own._folder, Path.GetRandomFileName() + ending);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException(
                $"The folder '{place}' for temporary files cannot be written to: {fault.Message} Make room there, or set TMPDIR to another.",
                fault);
        }
    }

    /// <summary>Deletes what processes that no longer run left in a place.</summary>
    internal static void DeleteAbandoned(string place)
    {
        foreach (var path in Directory.EnumerateFiles(place, $"*{Lock}").Where(ProcessMark.IsOfADeadProcess))
        {
            try
            {
                // Who runs holds it.
                using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                Delete(path[..^Lock.Length]);
                Delete(file);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another process deletes it already.
            }
        }
    }

    // The lock is there before the folder is. Who deletes what is abandoned may have taken it for such in between, and has then
    // deleted it: another name is taken.
    private static (FileStream Lock, string Folder) Claim(string place)
    {
        while (true)
        {
            var folder = Path.Combine(place, ProcessMark.Create());
            var file = new FileStream(folder + Lock, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            if (File.Exists(file.Name))
            {
                Directory.CreateDirectory(folder);
                return (file, folder);
            }

            file.Dispose();
        }
    }

    // Windows cannot delete what is open; there it is open no longer.
    private static void Delete(FileStream file)
    {
        if (OperatingSystem.IsWindows())
            file.Dispose();
        File.Delete(file.Name);
        file.Dispose();
    }

    private static void Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Windows keeps files that are still open; the next process deletes them.
        }
    }
}
