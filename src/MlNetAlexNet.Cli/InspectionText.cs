using System.Globalization;
using System.Text;
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

        WriteGroup(output, "Errors", result.Findings.Where(finding => finding.IsError));
        WriteGroup(output, "Notes", result.Findings.Where(finding => !finding.IsError));
        if (result.Findings.Count == 0)
            output.WriteLine(Paragraph.Format("Found", ["nothing"]));
        if (cleanList is not null)
            output.WriteLine(Paragraph.Format("Clean", [Invariant($"{result.Clean.Count} of {result.Pictures} pictures, listed in {cleanList}")]));
    }

    /// <summary>Findings of one kind in a line each kind, with examples.</summary>
    public static IEnumerable<string> FormatKinds(IEnumerable<Finding> findings) => findings
        .GroupBy(finding => (finding.Kind, finding.Likeness))
        .SelectMany(kind => (string[])
        [
            Invariant($"{Describe(kind.Key.Kind, kind.Key.Likeness)}: {kind.Count()}"),
            .. kind.Take(Examples).SelectMany(FormatExample),
            .. kind.Count() > Examples ? [Invariant($"  and {kind.Count() - Examples} more")] : Array.Empty<string>(),
        ]);

    private static void WriteGroup(TextWriter output, string word, IEnumerable<Finding> findings)
    {
        var lines = FormatKinds(findings).ToList();
        if (lines.Count > 0)
            output.WriteLine(Paragraph.Format(word, lines));
    }

    // Copies stand in one line after another, the second and later ones after a sign.
    private static IEnumerable<string> FormatExample(Finding finding)
    {
        if (finding.Kind is FindingKind.MissingClass or FindingKind.Imbalance)
            return [$"  {Printable(finding.Paths[0])}: {Printable(finding.Detail)}"];

        var shown = finding.Paths.Take(Examples).Select((path, i) => (i == 0 ? "  " : "    = ") + Printable(path));
        return finding.Paths.Count > Examples ? [.. shown, Invariant($"    = and {finding.Paths.Count - Examples} more")] : shown;
    }

    private static string FormatCounts(PartCount part)
    {
        var (most, fewest) = (part.Classes.MaxBy(each => each.Pictures)!, part.Classes.MinBy(each => each.Pictures)!);
        return Invariant($"{part.Pictures} that can be decoded, a class ")
            + Invariant($"{fewest.Pictures} ({Printable(fewest.Name)}) to {most.Pictures} ({Printable(most.Name)})");
    }

    private static string Describe(FindingKind kind, Likeness? likeness) => kind switch
    {
        FindingKind.Unreadable => "cannot be read",
        FindingKind.Empty => "empty files",
        FindingKind.NotAPicture => "no pictures by their content, or of a format that is not decoded",
        FindingKind.Truncated => "cut short",
        FindingKind.Damaged => "damaged",
        FindingKind.TooLarge => "too many pixels",
        FindingKind.LabelConflict => $"in several classes: {Describe(likeness)}",
        FindingKind.Leakage => $"in several parts: {Describe(likeness)}",
        FindingKind.MissingClass => "classes without pictures",
        FindingKind.BesideClasses => "beside the class folders",
        FindingKind.WrongExtension => "of another format than their name says",
        FindingKind.Animated => "animated; the first frame is taken",
        FindingKind.Cmyk => "CMYK; converted without a colour profile",
        FindingKind.SixteenBits => "16 bits a channel; 8 are taken",
        FindingKind.Duplicate => $"twice in a class: {Describe(likeness)}",
        FindingKind.CaseOnly => "names that differ in case only, one on Windows and macOS",
        FindingKind.NotTaken => "left out, since their names are no pictures'",
        FindingKind.Imbalance => "imbalance",
        _ => throw new NotSupportedException($"No words for {kind}."),
    };

    private static string Describe(Likeness? likeness) => likeness switch
    {
        Likeness.SameFile => "the same file",
        Likeness.SamePixels => "the same pixels",
        Likeness.Near => "almost the same picture",
        _ => throw new NotSupportedException($"No words for {likeness}."),
    };

    // A name can have a line break, or what moves a terminal's cursor.
    private static string Printable(string text)
    {
        if (!text.Any(char.IsControl))
            return text;

        var printable = new StringBuilder();
        foreach (var letter in text)
            printable.Append(char.IsControl(letter) ? Invariant($"\\u{(int)letter:x4}") : letter.ToString());
        return printable.ToString();
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
