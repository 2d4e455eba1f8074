using System.Globalization;

namespace MlNetAlexNet.Training.Data;

/// <summary>Checks room on a drive before any work is done.</summary>
internal static class DiskSpace
{
    /// <exception cref="AlexNetException">The folder's drive has less.</exception>
    public static void Require(string folder, long bytes, string wayOut, string? option = null)
    {
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        if (free < bytes)
        {
            throw new AlexNetException(string.Create(
                CultureInfo.InvariantCulture,
                $"The drive of '{folder}' has {free / 1e6:0} MB free; the run needs {bytes / 1e6:0} MB there. Make room or {wayOut}."))
            {
                Option = option,
            };
        }
    }
}
