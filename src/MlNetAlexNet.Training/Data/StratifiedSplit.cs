namespace MlNetAlexNet.Training.Data;

/// <summary>Keeps a share of every class apart.</summary>
internal static class StratifiedSplit
{
    /// <summary>
    /// Draws from the seed; of each class the share rounded to the nearest, but at least one picture, goes to validation.
    /// </summary>
    /// <exception cref="AlexNetException">A class has fewer than two pictures.</exception>
    public static (int[] Train, int[] Validation) Draw(IReadOnlyList<int> labels, double fraction, int seed)
    {
        if (fraction == 0)
        {
            return ([.. Enumerable.Range(0, labels.Count)], []);
        }

        var random = new Random(seed);
        var validation = new List<int>();
        foreach (var group in labels.Select((label, index) => (label, index)).GroupBy(row => row.label).OrderBy(g => g.Key))
        {
            var members = group.Select(row => row.index).ToArray();
            if (members.Length < 2)
            {
                throw new AlexNetException(
                    $"Class number {group.Key + 1} has a single picture, too few to keep one apart for validation. "
                    + "Add pictures, give Fit a validation set, or set ValidationFraction to 0.");
            }

            random.Shuffle(members);
            var kept = Math.Clamp((int)Math.Round(fraction * members.Length), 1, members.Length - 1);
            validation.AddRange(members.Take(kept));
        }

        validation.Sort();
        return ([.. Enumerable.Range(0, labels.Count).Except(validation)], [.. validation]);
    }
}
