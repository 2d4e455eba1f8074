namespace MlNetAlexNet.Images;

/// <summary>Draws a training, a validation and a test part so that each class has its share in every one.</summary>
internal static class StratifiedSplit
{
    internal sealed record Parts(
        IReadOnlyList<LabeledImage> Train, IReadOnlyList<LabeledImage> Validation, IReadOnlyList<LabeledImage> Test);

    /// <summary>Each part keeps the order of <paramref name="images"/>, whose classes lie together.</summary>
    /// <exception cref="AlexNetException">Names every class with fewer pictures than parts.</exception>
    internal static Parts Draw(IReadOnlyList<LabeledImage> images, SplitOptions split)
    {
        double[] fractions =
            [1 - split.ValidationFraction - split.TestFraction, split.ValidationFraction, split.TestFraction];
        var classes = images.GroupBy(image => image.Label, StringComparer.Ordinal).ToList();

        var needed = fractions.Count(fraction => fraction > 0);
        var small = classes.Where(pictures => pictures.Count() < needed)
            .Select(pictures => $"'{pictures.Key}' has {pictures.Count()}").ToList();
        if (small.Count > 0)
        {
            throw new AlexNetException(
                $"Too few pictures to split: {string.Join(", ", small)}; each class needs at least {needed}, one for "
                + "each part that is drawn. Add pictures, remove the class, or set a fraction to 0.");
        }

        var random = new Random(split.Seed);
        List<LabeledImage>[] parts = [[], [], []];
        foreach (var pictures in classes.Select(group => group.ToArray()))
        {
            var partOf = PartOfEach(Counts(pictures.Length, fractions), random);
            for (var i = 0; i < pictures.Length; i++)
            {
                parts[partOf[i]].Add(pictures[i]);
            }
        }

        return new Parts(parts[0], parts[1], parts[2]);
    }

    /// <summary>Largest remainder (Hamilton's method), then at least one for each part with a fraction.</summary>
    internal static int[] Counts(int total, double[] fractions)
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

    private static int[] PartOfEach(int[] counts, Random random)
    {
        int[] parts = [.. counts.SelectMany((count, part) => Enumerable.Repeat(part, count))];
        random.Shuffle(parts);
        return parts;
    }
}
