namespace MlNetAlexNet.Inspection;

/// <summary>
/// Rows joined into sets: a forest whose roots stand for the sets (Tarjan 1975, "Efficiency of a Good But Not Linear Set Union
/// Algorithm"); the lowest row is the root. Safe for many threads.
/// </summary>
internal sealed class JoinedSets(int rows)
{
    private readonly int[] _above = [.. Enumerable.Range(0, rows)];
    private readonly Lock _gate = new();

    /// <summary>Makes one set of the sets of two rows.</summary>
    public void Join(int one, int other)
    {
        lock (_gate)
        {
            var (first, second) = (FindRoot(one), FindRoot(other));
            _above[Math.Max(first, second)] = Math.Min(first, second);
        }
    }

    /// <summary>Sets of two rows and more, by their first row.</summary>
    public IEnumerable<int[]> List() => Enumerable.Range(0, rows)
        .GroupBy(FindRoot)
        .Where(set => set.Skip(1).Any())
        .Select(set => set.ToArray());

    private int FindRoot(int row)
    {
        while (_above[row] != row)
        {
            _above[row] = _above[_above[row]];
            row = _above[row];
        }

        return row;
    }
}
