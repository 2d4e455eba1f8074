using System.Buffers.Binary;
using System.IO.Hashing;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Images;

/// <summary>
/// Divides labelled pictures into parts, each by its content. A picture has a place from 0 to 1, a hash of its content and the seed,
/// and below the share of the last part it is of that, below the next of that, and so on, the rest of the first: so that pictures
/// that are added, removed, renamed or copied move no other. Shares hold on average.
/// </summary>
/// <remarks>
/// A class that so had no picture in one of the parts gives it the nearest by its place, as long as none of its own is there. What is
/// trained on is never held out for that later: added pictures only bring such borrowed ones back.
/// </remarks>
internal static class StratifiedSplit
{
    internal sealed record Parts(
        IReadOnlyList<LabeledImage> Train, IReadOnlyList<LabeledImage> Validation, IReadOnlyList<LabeledImage> Test);

    /// <summary>Divides into a training, a validation and a test part; each keeps the order of <paramref name="images"/>.</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="contents">Of each. Those of one class that are the same are in one part.</param>
    /// <param name="split">The shares and the seed.</param>
    /// <exception cref="AlexNetException">Names every class with fewer pictures than parts.</exception>
    internal static Parts Draw(IReadOnlyList<LabeledImage> images, IReadOnlyList<PictureFingerprint> contents, SplitOptions split)
    {
        var partOf = DrawParts(
            [.. images.Select(image => image.Label)],
            [.. contents.Select(content => content.Value)],
            [1 - split.ValidationFraction - split.TestFraction, split.ValidationFraction, split.TestFraction],
            split.Seed);
        return new Parts(Part(0), Part(1), Part(2));

        LabeledImage[] Part(int part) => [.. images.Where((_, row) => partOf[row] == part)];
    }

    /// <summary>The part of each row.</summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="contents">Of each row, what it is told by.</param>
    /// <param name="fractions">The share of each part; together 1. The first has one.</param>
    /// <param name="seed">Another one gives other places.</param>
    /// <exception cref="AlexNetException">Names every class with fewer different rows than parts.</exception>
    internal static int[] DrawParts(IReadOnlyList<string> labels, IReadOnlyList<ulong> contents, double[] fractions, int seed)
    {
        var classes = labels.Select((label, row) => (label, row))
            .GroupBy(pair => pair.label, pair => pair.row, StringComparer.Ordinal)
            .Select(rows => (Label: rows.Key, Rows: rows.ToList(), Contents: rows.Select(row => contents[row]).Distinct().ToArray()))
            .ToList();
        var needed = fractions.Count(fraction => fraction > 0);
        var small = classes.Where(each => each.Contents.Length < needed).Select(each => $"'{each.Label}' has {each.Contents.Length}").ToList();
        if (small.Count > 0)
        {
            throw new AlexNetException(
                $"Too few pictures to split: {string.Join(", ", small)}; each class needs at least {needed}, copies "
                + "counted once, one for each part that is drawn. Add pictures, remove the class, or set a fraction to 0.");
        }

        var partOf = new int[labels.Count];
        foreach (var (_, rows, different) in classes)
        {
            var parts = PartsOf(different, fractions, seed);
            foreach (var row in rows)
                partOf[row] = parts[contents[row]];
        }

        return partOf;
    }

    /// <summary>From 0 up to 1, evenly spread.</summary>
    internal static double PlaceOf(ulong content, int seed)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, content);
        return (XxHash3.HashToUInt64(bytes, seed) >> 11) * Math.ScaleB(1, -53); // 53 bits are what a double has
    }

    private static Dictionary<ulong, int> PartsOf(ulong[] contents, double[] fractions, int seed)
    {
        var ordered = contents.Select(content => (Place: PlaceOf(content, seed), Content: content)).Order().ToList();
        var partOf = ordered.ToDictionary(each => each.Content, _ => 0);
        var (from, share) = (0, 0.0);
        for (var part = fractions.Length - 1; part > 0; part--)
        {
            if (fractions[part] <= 0)
                continue;

            share += fractions[part];
            var left = fractions.Take(part).Count(fraction => fraction > 0); // parts that need one each
            var to = Math.Clamp(ordered.Count(each => each.Place < share), from + 1, ordered.Count - left);
            for (; from < to; from++)
                partOf[ordered[from].Content] = part;
        }

        return partOf;
    }
}
