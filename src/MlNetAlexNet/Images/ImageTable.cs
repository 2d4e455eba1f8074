using System.Globalization;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Images;

/// <summary>A table of paths and labels, as pandas, Excel or Vertex AI write it, to the labelled pictures that a folder gives.</summary>
internal static class ImageTable
{
    private const int MostFaults = 10;

    public static bool IsTable(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".CSV" or ".TSV" or ".TXT" && File.Exists(path);

    /// <exception cref="AlexNetException">
    /// The table cannot be read, its columns are not known, or rows have no label, no file or one of another row; with their lines.
    /// </exception>
    public static LabeledParts Read(string path, TableColumns columns)
    {
        var rows = TableText.Read(path);
        if (rows.Count == 0)
            throw new AlexNetException($"The table '{path}' has no rows. Give it a path and a label on each line.");

        var root = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var found = TableLayout.Find(path, rows, columns);
        var (pictures, faults) = (new Dictionary<string, (long Line, string Label, string Part)>(StringComparer.Ordinal), new List<string>());
        foreach (var row in rows.Skip(found.HasHeader ? 1 : 0))
        {
            if (ReadRow(row, found, path, pictures) is { } fault)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"  line {row.Line}: {fault}"));
        }

        if (faults.Count > 0)
        {
            throw new AlexNetException(
                $"The table '{path}' cannot be used:\n{string.Join('\n', faults.Take(MostFaults))}"
                + (faults.Count > MostFaults ? $"\n  and {faults.Count - MostFaults} more" : "")
                + "\nPaths begin in the folder of the table. Correct these lines, or remove them.");
        }

        if (pictures.Count == 0)
            throw new AlexNetException($"The table '{path}' has a first row with the names of its columns, but no pictures.");

        return new LabeledParts($"The table '{path}'", root, pictures
            .GroupBy(picture => picture.Value.Part)
            .ToDictionary(part => part.Key, part => (IReadOnlyList<LabeledImage>)
            [
                .. part.Select(picture => new LabeledImage { ImagePath = picture.Key, Label = picture.Value.Label })
                    .OrderBy(picture => picture.Label, StringComparer.Ordinal).ThenBy(picture => picture.ImagePath, StringComparer.Ordinal),
            ]));
    }

    // What is wrong with the row; null if it is taken.
    private static string? ReadRow(
        TableRow row, TableLayout columns, string table, Dictionary<string, (long Line, string Label, string Part)> pictures)
    {
        var fields = row.Fields;
        if (fields.Length != columns.Count)
            return string.Create(CultureInfo.InvariantCulture, $"{fields.Length} fields, and the first row has {columns.Count}");

        var (name, label) = (fields[columns.Path], CanonicalForms.Compose(fields[columns.Label]));
        if (name.Length == 0)
            return "no path";
        if (label.Length == 0)
            return $"no label for '{name}'";

        var part = columns.Split is { } split ? split.FindPart(fields) : "";
        if (part is null)
            return $"'{fields[columns.Split!.Column]}' is no part; it must be {columns.Split.Allowed}";

        if (Locate(table, name) is not { } path)
            return $"the file '{name}' does not exist";

        if (pictures.TryAdd(path, (row.Line, label, part)))
            return null;

        var first = pictures[path];
        return first.Label != label ? Conflict($"'{label}', and '{first.Label}'")
            : first.Part != part ? Conflict($"of {part}, and of {first.Part}")
            : null; // counted once

        string Conflict(string both) => string.Create(CultureInfo.InvariantCulture, $"'{name}' is {both} on line {first.Line}");
    }

    /// <summary>The full path of a file that a table names, as of Windows, too; null for none.</summary>
    /// <param name="table">Of the table.</param>
    /// <param name="name">From the folder of the table on.</param>
    public static string? Locate(string table, string name) => name.Length == 0 ? null
        : new[] { name, name.Replace('\\', Path.DirectorySeparatorChar) }
            .Where(each => !each.Contains('\0', StringComparison.Ordinal))
            .Select(each => Path.GetFullPath(each, Path.GetDirectoryName(Path.GetFullPath(table))!)).FirstOrDefault(File.Exists);
}
