using System.Diagnostics;
using System.Globalization;

namespace MlNetAlexNet.Faults;

/// <summary>What the child process does: makes mutants one after the other, reads each, and writes a line on each.</summary>
internal static class Reader
{
    public const string Command = "read-mutants";

    /// <summary>Mutants before memory is counted: what libraries keep from their first use on is none of a mutant's.</summary>
    private const int WarmUp = 20;

    /// <summary>MiB from which on it is looked at what of them is garbage.</summary>
    private const int Garbage = 100;

    /// <summary>Where a mutant lies while it is read.</summary>
    public static string PathOf(MutantKind kind, string folder) => Path.Combine(folder, $"mutant{kind.Ending}");

    public static void Run(MutantKind kind, string folder, int seed, int first, int count)
    {
        var path = PathOf(kind, folder);
        var mutate = kind.Create();
        var start = 0L;
        for (var index = first; index < count; index++)
        {
            File.WriteAllBytes(path, mutate(index, new Random(HashCode(seed, index))));
            var clock = Stopwatch.StartNew();
            var outcome = Read(kind, path);
            var memory = Environment.WorkingSet;
            if (index == Math.Min(first + WarmUp, count - 1))
                start = memory;
            var growth = start == 0 ? 0 : (memory - start) >> 20;
            if (growth > Garbage)
            {
                // Mutants themselves are large; what stays is what counts.
                GC.Collect();
                GC.WaitForPendingFinalizers();
                GC.Collect();
                growth = (Environment.WorkingSet - start) >> 20;
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{index}\t{clock.ElapsedMilliseconds}\t{growth}\t{outcome}"));
        }
    }

    // The same in every process, which System.HashCode is not.
    private static int HashCode(int seed, int index) => unchecked((seed * 1_000_003) + index);

    private static string Read(MutantKind kind, string path)
    {
        try
        {
            kind.Read(path);
            return Outcome.Accepted;
        }
        catch (AlexNetException fault) when (fault.Message.Contains(path, StringComparison.Ordinal))
        {
            return Outcome.Refused;
        }
        catch (Exception fault)
        {
            return fault.ToString().ReplaceLineEndings(" | ");
        }
    }
}
