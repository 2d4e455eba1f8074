using System.Collections.Concurrent;

namespace MlNetAlexNet.Formats;

/// <summary>
/// Names for temporary files, in a folder of this process that goes when it ends. What a killed process left goes when the next
/// one takes a first name in the same place. Whose process runs is told twice, by its number and by a lock that it holds.
/// </summary>
internal sealed class TemporaryFiles
{
    private const string Lock = "lock";

    private static readonly ConcurrentDictionary<string, Lazy<TemporaryFiles>> s_places = new(StringComparer.Ordinal);

    private readonly string _folder;

    private TemporaryFiles(string place)
    {
        DeleteAbandoned(place);
        _folder = Directory.CreateDirectory(Path.Combine(place, ProcessMark.Create())).FullName;
        var held = new FileStream(Path.Combine(_folder, Lock), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => // which keeps it until then
        {
            held.Dispose();
            Delete(_folder);
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

    // Of a process that was killed before it had the lock, there is none.
    private static void DeleteAbandoned(string place)
    {
        foreach (var folder in Directory.EnumerateDirectories(place, ProcessMark.Pattern).Where(ProcessMark.IsOfADeadProcess))
        {
            try
            {
                if (File.Exists(Path.Combine(folder, Lock)))
                    new FileStream(Path.Combine(folder, Lock), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
                Delete(folder);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // It is held, or another user's.
            }
        }
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
            // Windows keeps files that are still open, and another process may be deleting them; the next one does.
        }
    }
}
