namespace MlNetAlexNet.Training.Runs;

/// <summary>A run folder belongs to one process while it runs: a file that is open, so that nothing is left of one that is killed.</summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>Of the file; one that was killed leaves it, and it means nothing then.</summary>
    public const string Name = ".alexnet-run";

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <exception cref="AlexNetException">A run is under way there, or nothing can be written.</exception>
    public static RunLock Take(RunFolder folder)
    {
        try
        {
            return new(new FileStream(
                Path.Combine(folder.Path, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException(
                $"The output folder '{folder.Path}' cannot be used: another run may be under way in it ({fault.Message}). "
                + "Wait for its end, or choose another folder.",
                fault);
        }
    }

    public void Dispose() => _file.Dispose();
}
