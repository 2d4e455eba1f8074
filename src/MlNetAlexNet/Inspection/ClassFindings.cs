namespace MlNetAlexNet.Inspection;

/// <summary>What the numbers of pictures by part and class mean.</summary>
internal static class ClassFindings
{
    /// <summary>
    /// Above it data counts as highly imbalanced (Fernandez et al. 2008, "A study of the behaviour of linguistic fuzzy rule based
    /// classification systems in the framework of imbalanced data-sets"; so the KEEL repository).
    /// </summary>
    private const int HighestRatio = 9;

    /// <summary>
    /// Up to it a class is said to have few pictures to train on: one and five a class are what methods of their own are made for
    /// (Vinyals et al. 2016, "Matching Networks for One Shot Learning", section 4).
    /// </summary>
    private const int Few = 5;

    /// <summary>Classes without pictures or with few, and an imbalance of those that are trained on.</summary>
    /// <param name="parts">The parts, that of the training first; each has all classes.</param>
    public static IEnumerable<Finding> List(IReadOnlyList<PartCount> parts)
    {
        foreach (var part in parts)
        {
            foreach (var each in part.Classes.Where(each => each.Pictures == 0))
                yield return new(FindingKind.MissingClass, [NameOf(part, each)], Elsewhere(parts, part, each)) { IsUntested = part != parts[0] };
        }

        var trained = parts[0].Classes.Where(each => each.Pictures > 0).ToList();
        if (trained.Count == 1)
            yield return new(FindingKind.MissingClass, [NameOf(parts[0], trained[0])], "It is the only class; a classifier needs at least two.");

        foreach (var few in trained.Where(each => each.Pictures <= Few))
        {
            yield return new(
                FindingKind.FewPictures,
                [NameOf(parts[0], few)],
                FormattableString.Invariant($"It has {few.Pictures} to train on. Add some, or start from a trained model."));
        }

        if (trained.MaxBy(each => each.Pictures) is { } most && trained.MinBy(each => each.Pictures) is { } fewest
            && most.Pictures > HighestRatio * fewest.Pictures)
        {
            yield return new(
                FindingKind.Imbalance,
                [NameOf(parts[0], most), NameOf(parts[0], fewest)],
                FormattableString.Invariant($"'{most.Name}' has {most.Pictures} pictures, '{fewest.Name}' {fewest.Pictures}. Class weights make up for it."));
        }
    }

    private static string NameOf(PartCount part, ClassCount each) => part.Name == "" ? each.Name : $"{part.Name}/{each.Name}";

    private static string Elsewhere(IReadOnlyList<PartCount> parts, PartCount without, ClassCount each)
    {
        var others = from part in parts
                     where part != without
                     let there = part.Classes.First(other => other.Name == each.Name).Pictures
                     select FormattableString.Invariant($"{part.Name} has {there}");
        return $"It has no picture that can be decoded{string.Concat(others.Select(other => $"; {other}"))}.";
    }
}
