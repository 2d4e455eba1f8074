namespace MlNetAlexNet.Benchmarks;

/// <summary>One side of a comparison.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Measure">Does the work once and gives the figure, such as images/s or seconds.</param>
/// <param name="Bar">What its ratio to the baseline should reach; null if nothing is asked of it.</param>
internal sealed record Contender(string Name, Func<double> Measure, Bar? Bar = null);

/// <summary>
/// Measures contenders in turn, round after round, so that a machine that is slower for a minute is slower for all. A
/// ratio is taken within each round; figures and ratios are medians over the rounds.
/// </summary>
internal static class Comparison
{
    /// <param name="benchmark">Its name.</param>
    /// <param name="unit">Of the figures, such as images/s.</param>
    /// <param name="rounds">Counted rounds; one more before them warms up.</param>
    /// <param name="baseline">What the others are compared with.</param>
    /// <param name="contenders">The others.</param>
    public static IEnumerable<Result> Run(
        string benchmark, string unit, int rounds, Contender baseline, params IReadOnlyList<Contender> contenders)
    {
        var all = (Contender[])[baseline, .. contenders];
        var figures = new double[all.Length, rounds];
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < all.Length; i++)
            {
                var figure = all[i].Measure();
                if (round >= 0)
                    figures[i, round] = figure;
            }
        }

        return all.Skip(1).Select((contender, i) => new Result(
            benchmark,
            contender.Name,
            baseline.Name,
            unit,
            Median(round => figures[i + 1, round]),
            Median(round => figures[0, round]),
            Median(round => figures[i + 1, round] / figures[0, round]),
            contender.Bar));

        double Median(Func<int, double> figure)
        {
            var sorted = Enumerable.Range(0, rounds).Select(figure).Order().ToArray();
            return (sorted[(rounds - 1) / 2] + sorted[rounds / 2]) / 2;
        }
    }

    /// <summary>Seconds that the work takes.</summary>
    public static double Seconds(Action work)
    {
        var start = TimeProvider.System.GetTimestamp();
        work();
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }
}
