namespace MlNetAlexNet.Formats;

/// <summary>Names for files that are written beside their place and then renamed.</summary>
internal static class UnfinishedFile
{
    private const string Ending = ".tmp";

    /// <summary>A name beside a file. What killed processes left under such names of the same file is deleted.</summary>
    /// <param name="path">The full path of the file, whose folder is there.</param>
    public static string NameBeside(string path)
    {
        DeleteAbandoned(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.*{Ending}");
        return $"{path}.{ProcessMark.Create()}{Ending}";
    }

    /// <summary>Deletes files that killed processes left.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="pattern">What their names are like.</param>
    public static void DeleteAbandoned(string folder, string pattern)
    {
        foreach (var left in Directory.EnumerateFiles(folder, pattern).Where(ProcessMark.IsOfADeadProcess))
        {
            try
            {
                File.Delete(left);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // Another process was quicker, or it is another user's.
            }
        }
    }
}
