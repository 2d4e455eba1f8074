using System.Diagnostics;

namespace MlNetAlexNet.Soak;

/// <summary>
/// Resident memory and speed of one kind of work, looked at before it and after every twentieth of it; unused managed
/// memory is collected before each look.
/// </summary>
/// <param name="what">What is counted, such as "predictions".</param>
/// <param name="total">How many there will be.</param>
internal sealed class Watch(string what, int total)
{
    /// <summary>
    /// Most that memory may grow from the look after the first tenth, when all that is kept for reuse is there, to the end.
    /// Of 100,000 predictions it is a third of a kilobyte each, of 2,000 steps 16.
    /// </summary>
    public const double MostMegabytes = 32;

    private const int Parts = 20;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<double> _megabytes = [Measure()];
    private readonly List<double> _seconds = [0];
    private readonly List<int> _done = [0];

    /// <summary>Says how many are done.</summary>
    public void Reach(int done)
    {
        if (_megabytes.Count > Parts || done < (long)total * _megabytes.Count / Parts)
            return;

        _seconds.Add(_clock.Elapsed.TotalSeconds);
        _done.Add(done);
        _clock.Stop(); // the collection is not the work's
        _megabytes.Add(Measure());
        _clock.Start();
    }

    /// <summary>Prints the curve.</summary>
    /// <returns>Whether memory was flat.</returns>
    public bool Report()
    {
        var last = _megabytes.Count - 1;
        var warm = Math.Min(Parts / 10, last);
        var growth = _megabytes[last] - _megabytes[warm];
        Console.WriteLine($"{_done[last]} {what} in {_seconds[last]:0.0} s");
        Console.WriteLine($"  resident MB, start and every 5%: {string.Join(' ', _megabytes.Select(value => $"{value:0}"))}");
        Console.WriteLine($"  growth from 10% to the end: {growth:0.0} MB, at most {MostMegabytes} allowed");
        Console.WriteLine($"  speed: {Rate(0, warm):0} a second in the first tenth, {Rate(last - warm, last):0} in the last");
        var isFlat = _done[last] >= total && growth <= MostMegabytes;
        if (!isFlat)
            Console.WriteLine(_done[last] < total ? $"  FAILED: ended after {_done[last]} of {total}" : "  FAILED: memory grows");
        return isFlat;
    }

    private double Rate(int from, int to) => (_done[to] - _done[from]) / (_seconds[to] - _seconds[from]);

    private static double Measure()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1e6;
    }
}
