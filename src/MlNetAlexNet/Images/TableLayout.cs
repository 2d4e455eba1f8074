using System.Globalization;
using System.Text.RegularExpressions;

namespace MlNetAlexNet.Images;

/// <summary>Where a table has what.</summary>
/// <param name="HasHeader">Whether its first row has the names of the columns.</param>
/// <param name="Count">Columns.</param>
/// <param name="Path">The one with the paths, from 0.</param>
/// <param name="Label">The one with the classes.</param>
/// <param name="Split">The one with the parts; null for none.</param>
internal sealed partial record TableLayout(bool HasHeader, int Count, int Path, int Label, int? Split)
{
    private static readonly string[] s_paths =
        ["path", "file", "filename", "filepath", "image", "imagepath", "imagefile", "imagename", "imagefilepath", "img", "imgpath", "imgfile", "imgname", "picture", "gcsfilepath"];

    private static readonly string[] s_labels = ["label", "labels", "class", "classname", "classlabel", "category", "target", "tag"];

    private static readonly string[] s_splits = ["split", "set", "subset", "part", "partition", "mluse", "usage"];

    /// <exception cref="AlexNetException">A column is not there, or it cannot be told which is which.</exception>
    public static TableLayout Find(string file, List<TableRow> rows, TableColumns columns)
    {
        var first = rows[0].Fields;
        var hasHeader = !first.Any(ImageFiles.IsPicture);
        var names = hasHeader ? first : [];
        var body = rows.Skip(hasHeader ? 1 : 0).Where(row => row.Fields.Length == first.Length).ToList();

        var split = Given(columns.Split, nameof(Split)) ?? Only(Named(s_splits, nameof(Split)).Where(HasParts))
            ?? (hasHeader ? null : Only(Columns().Where(at => body.Count > 0 && body.All(row => PartNames.Find(row.Fields[at]) is not null))));
        if (split is { } unassigned && columns.Split is null && body.All(row => IsUnassigned(row.Fields[unassigned])))
            split = null;

        var path = Given(columns.Path, nameof(Path)) ?? Only(Named(s_paths, nameof(Path)))
            ?? Only(Columns().Where(at => at != split && body.Count > 0 && ImageFiles.IsPicture(body[0].Fields[at])));
        var label = Given(columns.Label, nameof(Label)) ?? Only(Named(s_labels, nameof(Label)));
        path ??= label is null ? null : Only(Rest(label));
        label ??= path is null ? null : Only(Rest(path));
        if (path is null)
            throw Unknown("paths of the pictures", nameof(Path));
        if (label is null || label == path)
            throw Unknown("labels", nameof(Label));

        return new TableLayout(hasHeader, first.Length, path.Value, label.Value, split);

        IEnumerable<int> Columns() => Enumerable.Range(0, first.Length);

        // The index that pandas writes has no name.
        IEnumerable<int> Rest(int? but) => Columns().Where(at => at != but && at != split && !(hasHeader && names[at].Length == 0));

        bool HasParts(int at) => body.Any(row => PartNames.Find(row.Fields[at]) is not null);

        IEnumerable<int> Named(string[] known, string column)
        {
            var found = names.Index().Where(name => known.Contains(Separators().Replace(name.Item, "").ToLowerInvariant())).ToList();
            return found.Count < 2 || column == nameof(Split) ? found.Select(name => name.Index) : throw new AlexNetException(
                $"The table '{file}' has the columns {Quote(found.Select(name => name.Item))}, and each could be that of the {column.ToLowerInvariant()}. Name one.")
            {
                Option = $"{column}Column",
            };
        }

        int? Given(string? name, string column)
        {
            if (name is null)
                return null;

            var at = Array.FindIndex(names, other => other.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));
            return at >= 0 ? at
                : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= first.Length ? number - 1
                : throw new AlexNetException($"The table '{file}' has no column '{name}'. {Describe()}") { Option = $"{column}Column" };
        }

        AlexNetException Unknown(string what, string column) => new(
            $"It cannot be told which column of the table '{file}' has the {what}. {Describe()} Name it, or give its number.")
        {
            Option = $"{column}Column",
        };

        string Describe() => hasHeader
            ? $"Its columns are {Quote(names)}."
            : string.Create(CultureInfo.InvariantCulture, $"Its first row has no names, but a picture: {first.Length} columns, numbered from 1.");
    }

    private static int? Only(IEnumerable<int> columns) => columns.Take(2).ToList() is [var only] ? only : null;

    // Vertex AI has that, or nothing, where it is to draw.
    private static bool IsUnassigned(string part) => part.Length == 0 || part.Equals("unassigned", StringComparison.OrdinalIgnoreCase);

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    [GeneratedRegex("[ _.-]")]
    private static partial Regex Separators();
}
