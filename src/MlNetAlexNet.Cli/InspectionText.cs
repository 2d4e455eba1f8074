using System.Globalization;
using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Inspection;

namespace MlNetAlexNet.Cli;

/// <summary>What was found in a folder of pictures, by kind, with a few examples of each.</summary>
internal static class InspectionText
{
    private const int Examples = 3;

    /// <summary>Writes it.</summary>
    /// <param name="output">Where.</param>
    /// <param name="result">What was found.</param>
    /// <param name="cleanList">File that lists the clean pictures; null if none was asked for.</param>
    public static void Write(TextWriter output, InspectionResult result, string? cleanList)
    {
        output.WriteLine(Paragraph.Format("Pictures", [Invariant($"{result.Pictures} in {result.Parts[0].Classes.Count} classes")]));
        foreach (var part in result.Parts)
            output.WriteLine(Paragraph.Format(part.Name == "" ? "Classes" : Capital(part.Name), [FormatCounts(part)]));

        foreach (var paragraph in Describe("Errors", result.Findings.Where(finding => finding.IsError)))
            output.WriteLine(paragraph.Wrap(Paragraph.Columns));
        foreach (var paragraph in Describe("Notes", result.Findings.Where(finding => !finding.IsError)))
            output.WriteLine(paragraph.Wrap(Paragraph.Columns));
        if (result.Findings.Count == 0)
            output.WriteLine(Paragraph.Format("Found", ["nothing"]));
        if (cleanList is not null)
            output.WriteLine(Paragraph.Format("Clean", [Invariant($"{result.Clean.Count} of {result.Pictures} pictures, listed in {cleanList}")]));
    }

    /// <summary>Findings by kind: what and how many, then examples, each path on a line of its own, which is not broken.</summary>
    /// <param name="word">What stands before the first line.</param>
    /// <param name="findings">The findings, in the order of their kinds.</param>
    /// <param name="examples">The most of each kind.</param>
    public static IEnumerable<Paragraph> Describe(string word, IEnumerable<Finding> findings, int examples = Examples)
    {
        foreach (var kind in findings.GroupBy(finding => (finding.Kind, finding.Likeness)))
        {
            yield return new(word, Invariant($"{kind.Count()} {Describe(kind.Key.Kind, kind.Key.Likeness)}"));
            word = "";
            foreach (var paragraph in kind.Take(examples).SelectMany(DescribeExample))
                yield return paragraph;
            if (kind.Count() > examples)
                yield return Paragraph.OfPath(Invariant($"and {kind.Count() - examples} more"));
        }
    }

    // Copies stand below each other, the second and later ones after a sign.
    private static IEnumerable<Paragraph> DescribeExample(Finding finding)
    {
        if (finding.Kind is FindingKind.MissingClass or FindingKind.Imbalance)
            return [Paragraph.OfPath(finding.Paths[0]), new("", finding.Detail)];

        var shown = finding.Paths.Take(Examples).Select((path, i) => Paragraph.OfPath(path, i == 0 ? "" : "= "));
        return finding.Paths.Count > Examples ? [.. shown, Paragraph.OfPath(Invariant($"= and {finding.Paths.Count - Examples} more"))] : shown;
    }

    private static string FormatCounts(PartCount part)
    {
        var (most, fewest) = (part.Classes.MaxBy(each => each.Pictures)!, part.Classes.MinBy(each => each.Pictures)!);
        return most.Pictures == fewest.Pictures ? Invariant($"{part.Pictures} that can be decoded, {most.Pictures} a class")
            : Invariant($"{part.Pictures} that can be decoded, a class ")
            + Invariant($"{fewest.Pictures} ({PrintableText.Escape(fewest.Name)}) to {most.Pictures} ({PrintableText.Escape(most.Name)})");
    }

    // What stands behind a number.
    private static string Describe(FindingKind kind, Likeness? likeness) => kind switch
    {
        FindingKind.Unreadable => "cannot be read",
        FindingKind.Empty => "without any bytes",
        FindingKind.NotAPicture => "no picture, or of a format that is not decoded",
        FindingKind.Truncated => "cut short",
        FindingKind.Damaged => "damaged",
        FindingKind.TooLarge => "of too many pixels",
        FindingKind.LabelConflict => $"{Describe(likeness)} in several classes",
        FindingKind.Leakage => $"{Describe(likeness)} in several parts",
        FindingKind.MissingClass => "a class without pictures",
        FindingKind.BesideClasses => "beside the class folders",
        FindingKind.WrongExtension => "of another format than the name says",
        FindingKind.Animated => "animated; the first frame is taken",
        FindingKind.Cmyk => "of four colours (CMYK), converted without a profile",
        FindingKind.SixteenBits => "of 16 bits a channel, of which 8 are taken",
        FindingKind.Transparent => "with transparent parts, which count as black",
        FindingKind.Duplicate => $"{Describe(likeness)} in one class",
        FindingKind.CaseOnly => "the same name on Windows and macOS, but for its case",
        FindingKind.NotTaken => "left out, as the name is no picture's",
        FindingKind.Imbalance => "imbalance of the classes",
        FindingKind.FewPictures => "a class with five pictures to train on or fewer; more help, or a start from a trained model (train --initial-weights)",
        _ => throw new NotSupportedException($"No words for {kind}."),
    };

    private static string Describe(Likeness? likeness) => likeness switch
    {
        Likeness.SameFile => "the same file",
        Likeness.SamePixels => "the same pixels",
        Likeness.Near => "almost the same picture",
        _ => throw new NotSupportedException($"No words for {likeness}."),
    };

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
