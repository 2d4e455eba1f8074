using System.Diagnostics;
using System.Globalization;

namespace MlNetAlexNet.Faults;

/// <summary>
/// Reads mutants in a process of their own: one that crashes it, or hangs, is a fault with a number, its file is kept, and the
/// next process goes on with the one after.
/// </summary>
internal static class ChildProcess
{
    // Those of a large machine under load take no longer; the first mutant has the start of the process before it.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);

    public static List<Outcome> Read(MutantKind kind, int seed, int count, string folder, string kept)
    {
        var outcomes = new List<Outcome>();
        while (outcomes.Count < count)
        {
            var before = outcomes.Count;
            var end = ReadOn(kind, seed, count, folder, outcomes);
            if (outcomes.Count < count)
                outcomes.Add(new Outcome(outcomes.Count, 0, 0, end));
            Assert.IsGreaterThan(before, outcomes.Count);
            Keep(kind, folder, kept, outcomes[^1], seed);
        }

        return outcomes;
    }

    // How the process ended.
    private static string ReadOn(MutantKind kind, int seed, int count, string folder, List<Outcome> outcomes)
    {
        string[] numbers = [.. new[] { seed, outcomes.Count, count }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Reader.Command, kind.Name, folder, .. numbers])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var patience = s_start;
        while (true)
        {
            var line = process.StandardOutput.ReadLineAsync();
            if (!line.Wait(patience))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                return $"takes longer than {patience.TotalSeconds} s";
            }

            if (line.Result is null)
                break;

            if (line.Result.Split('\t') is [var index, var time, var growth, var text] && int.TryParse(index, out var number))
            {
                outcomes.Add(new Outcome(
                    number, int.Parse(time, CultureInfo.InvariantCulture), int.Parse(growth, CultureInfo.InvariantCulture), text));
                patience = s_longest;
            }
        }

        process.WaitForExit();
        return $"ends the process with {process.ExitCode}: {Last(errors.Result)}";
    }

    private static void Keep(MutantKind kind, string folder, string kept, Outcome outcome, int seed)
    {
        var mutant = Reader.PathOf(kind, folder);
        if (!outcome.IsFault || !File.Exists(mutant))
            return;

        Directory.CreateDirectory(kept);
        File.Copy(mutant, Path.Combine(kept, $"{kind.Name}-{seed}-{outcome.Index}{kind.Ending}"), overwrite: true);
    }

    private static string Last(string text) => text[Math.Max(0, text.Length - 2000)..];
}
