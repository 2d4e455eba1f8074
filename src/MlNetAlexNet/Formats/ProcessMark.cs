using System.Diagnostics;
using System.Globalization;

namespace MlNetAlexNet.Formats;

/// <summary>
/// What names of unfinished and temporary files have in them, so that those that a killed process left can be told from those of
/// one that runs: the computer and the number of the process.
/// </summary>
internal static class ProcessMark
{
    private static readonly string s_machine = $"alexnet-{Environment.MachineName}-";

    /// <summary>What names that begin with a mark of this computer are like.</summary>
    public static string Pattern => $"{s_machine}*";

    /// <summary>Of this process, with something that no other file of it has.</summary>
    public static string Create() =>
        string.Create(CultureInfo.InvariantCulture, $"{s_machine}{Environment.ProcessId}-{Path.GetRandomFileName()}");

    /// <summary>
    /// Whether a name has the mark of a process of this computer that no longer runs. If another has got its number, it is
    /// taken for that one, until that ends.
    /// </summary>
    public static bool IsOfADeadProcess(string name)
    {
        var start = name.IndexOf(s_machine, StringComparison.Ordinal);
        var number = start < 0 ? "" : name[(start + s_machine.Length)..];
        return number.IndexOf('-', StringComparison.Ordinal) is > 0 and var end
            && int.TryParse(number.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            && !IsRunning(process);
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
