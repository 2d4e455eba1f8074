namespace MlNetAlexNet.Cli;

/// <summary>Where the trace of a defect is kept, for who has to mend it: it would hide the message.</summary>
internal static class DefectReport
{
    /// <summary>Writes the trace to a temporary file.</summary>
    /// <returns>What to do with it, in a sentence.</returns>
    public static string Write(Exception defect)
    {
        try
        {
            var path = Path.Combine(Path.GetTempPath(), $"alexnet-defect-{Path.GetRandomFileName()}.txt");
            File.WriteAllText(path, $"{defect}\n");
            return $"Please report it with '{path}', which says where it arose.";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"Please report it with this:\n{defect}";
        }
    }
}
