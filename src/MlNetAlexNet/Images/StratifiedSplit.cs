namespace MlNetAlexNet.Images;

/// <summary>Divides labelled rows at random so that each class has its share in every part.</summary>
internal static class StratifiedSplit
{
    internal sealed record Parts(
        IReadOnlyList<LabeledImage> Train, IReadOnlyList<LabeledImage> Validation, IReadOnlyList<LabeledImage> Test);

    /// <summary>Draws a training, a validation and a test part; each keeps the order of <paramref name="images"/>.</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="split">The shares and the seed.</param>
    /// <param name="firsts">As <see cref="PictureCopies.FindFirsts"/>: copies are not drawn, they go where the first goes.</param>
    /// <exception cref="AlexNetException">Names every class with fewer pictures than parts.</exception>
    internal static Parts Draw(IReadOnlyList<LabeledImage> images, SplitOptions split, int[]? firsts = null)
    {
        firsts ??= [.. Enumerable.Range(0, images.Count)];
        int[] drawn = [.. firsts.Where((first, row) => first == row)];
        var parts = DrawParts(
            [.. drawn.Select(row => images[row].Label)],
            [1 - split.ValidationFraction - split.TestFraction, split.ValidationFraction, split.TestFraction],
            split.Seed);
        var partOf = drawn.Zip(parts).ToDictionary();
        return new Parts(Part(0), Part(1), Part(2));

        LabeledImage[] Part(int part) => [.. images.Where((_, row) => partOf[firsts[row]] == part)];
    }

    /// <summary>The part of each row, drawn from the seed class by class.</summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="fractions">The share of each part; together 1.</param>
    /// <param name="seed">One seed always draws the same.</param>
    /// <exception cref="AlexNetException">Names every class with fewer rows than parts.</exception>
    internal static int[] DrawParts(IReadOnlyList<string> labels, double[] fractions, int seed)
    {
        var classes = labels.Select((label, row) => (label, row))
            .GroupBy(pair => pair.label, pair => pair.row, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray());
        var needed = fractions.Count(fraction => fraction > 0);
        var small = classes.Where(rows => rows.Value.Length < needed)
            .Select(rows => $"'{rows.Key}' has {rows.Value.Length}").ToList();
        if (small.Count > 0)
        {
            throw new AlexNetException(
                $"Too few pictures to split: {string.Join(", ", small)}; each class needs at least {needed}, copies "
                + "counted once, one for each part that is drawn. Add pictures, remove the class, or set a fraction to 0.");
        }

        var random = new Random(seed);
        var partOf = new int[labels.Count];
        foreach (var rows in classes.Values)
        {
            int[] parts = [.. CountParts(rows.Length, fractions).SelectMany((count, part) => Enumerable.Repeat(part, count))];
            random.Shuffle(parts);
            for (var i = 0; i < rows.Length; i++)
            {
                partOf[rows[i]] = parts[i];
            }
        }

        return partOf;
    }

    /// <summary>Largest remainder (Hamilton's method), then at least one for each part with a fraction.</summary>
    internal static int[] CountParts(int total, double[] fractions)
    {
        var counts = fractions.Select(fraction => (int)(total * fraction)).ToArray();
        var byRemainder = Enumerable.Range(0, fractions.Length)
            .OrderByDescending(part => total * fractions[part] - counts[part]);
        foreach (var part in byRemainder.Take(total - counts.Sum()).ToArray())
        {
            counts[part]++;
        }

        for (var part = 0; part < counts.Length; part++)
        {
            if (fractions[part] > 0 && counts[part] == 0)
            {
                counts[Array.IndexOf(counts, counts.Max())]--;
                counts[part]++;
            }
        }

        return counts;
    }
}
