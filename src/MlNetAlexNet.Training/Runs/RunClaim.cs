using System.Globalization;
using MlNetAlexNet.Images;

namespace MlNetAlexNet.Training.Runs;

/// <summary>
/// A run folder that belongs to one run while it lasts: by a file in it that is open, so that nothing is left of one that is
/// killed. What was made for it and is empty in the end is removed again, and nothing else.
/// </summary>
internal sealed class RunClaim : IDisposable
{
    /// <summary>Of the file; one that was killed leaves it, and it means nothing then.</summary>
    public const string LockName = OutputFolders.Lock;

    // What another run does with the folder at the same moment passes; what stays is told.
    private const int MostTries = 100;

    private readonly FileStream _file;
    private readonly IReadOnlyList<string> _made;

    private RunClaim(RunFolder folder, FileStream file, IReadOnlyList<string> made) => (Folder, _file, _made) = (folder, file, made);

    public RunFolder Folder { get; }

    /// <summary>Takes a folder, which is made where there is none.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="overwrite">Whether it may have files.</param>
    /// <exception cref="AlexNetException">Something is in the way, a run is under way there, or nothing can be written.</exception>
    public static RunClaim Take(string path, bool overwrite)
    {
        var folder = new RunFolder(path);
        var claim = TryTake(folder, FileMode.OpenOrCreate, made: []) ?? throw new AlexNetException(
            $"The output folder '{path}' cannot be used: another run may be under way in it. Wait for its end, or choose another folder.");
        if (claim.HasNothing || (overwrite && (folder.HasRun || Directory.Exists(folder.Checkpoints))))
            return claim;

        claim.Dispose();
        if (overwrite)
        {
            throw new AlexNetException(
                $"The output folder '{path}' has files, but no run to replace. Choose another one, such as a folder in it.");
        }

        throw new AlexNetException(
            $"The output folder '{path}' is not empty. Choose another one, "
            + (folder.HasCheckpoint ? "resume the interrupted run in it, " : "") + "or set Overwrite to replace the run in it.")
        {
            Option = nameof(RunOptions.Overwrite),
        };
    }

    /// <summary>Takes the first new folder of a name with a number behind it: <c>runs/flowers-1</c>.</summary>
    /// <exception cref="AlexNetException">Nothing can be written.</exception>
    public static RunClaim TakeNumbered(string path)
    {
        var made = new List<string>(); // also where another run was first
        for (var number = 1; ; number++)
        {
            var folder = new RunFolder(string.Create(CultureInfo.InvariantCulture, $"{path}-{number}"));
            if (System.IO.Path.Exists(folder.Path) || TryTake(folder, FileMode.CreateNew, made) is not { } claim)
                continue;

            if (claim.HasNothing)
                return claim;

            claim.Dispose(); // another run has come and gone
        }
    }

    private bool HasNothing =>
        !Directory.EnumerateFileSystemEntries(Folder.Path).Any(entry => Path.GetFileName(entry) != LockName);

    /// <summary>Null where another run has the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="mode">Of the file in it.</param>
    /// <param name="made">Folders that were made before, the innermost first; gets those that are made now, in all tries.</param>
    private static RunClaim? TryTake(RunFolder folder, FileMode mode, List<string> made)
    {
        if (File.Exists(folder.Path))
            throw new AlexNetException($"The output '{folder.Path}' is a file; choose a folder.");

        var file = Path.Combine(folder.Path, LockName);
        for (var tries = 1; ; tries++)
        {
            try
            {
                MakeFolders(Path.GetFullPath(folder.Path), made, isNew: mode == FileMode.CreateNew);
                var stream = new FileStream(file, mode, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                if (File.Exists(file))
                    return new RunClaim(folder, stream, made);

                stream.Dispose(); // another run has ended, and its file was opened just before it went
            }
            catch (IOException) when (File.Exists(file))
            {
                return null;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                if (tries < MostTries)
                    continue;

                RemoveEmpty(made);
                throw new AlexNetException($"The output folder '{folder.Path}' cannot be written: {fault.Message}", fault);
            }
        }
    }

    // Adds the folders that were not there, the innermost first. A new one was not there a moment ago: who made it meanwhile may also
    // have removed it before it is made here.
    private static void MakeFolders(string path, List<string> made, bool isNew)
    {
        var missing = new List<string>();
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
            missing.Add(folder);

        if (isNew && missing.Count == 0)
            missing.Add(path);
        made.InsertRange(0, missing.Except(made));
        Directory.CreateDirectory(path);
    }

    public void Dispose()
    {
        _file.Dispose();
        RemoveEmpty(_made);
    }

    private static void RemoveEmpty(IReadOnlyList<string> made)
    {
        foreach (var folder in made)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (DirectoryNotFoundException)
            {
                // never made, or gone
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return; // there is something in it
            }
        }
    }
}
