namespace MlNetAlexNet.Images;

/// <summary>Where a table has what.</summary>
/// <param name="HasHeader">Whether its first row has the names of the columns.</param>
/// <param name="Count">Columns.</param>
/// <param name="Path">The one with the paths, from 0.</param>
/// <param name="Label">The one with the classes.</param>
/// <param name="Split">What says the parts; null for nothing.</param>
internal sealed record TableLayout(bool HasHeader, int Count, int Path, int Label, TableSplit? Split)
{
    /// <exception cref="AlexNetException">A column is not there, or it cannot be told which is which.</exception>
    public static TableLayout Find(string file, List<TableRow> rows, TableColumns columns)
    {
        var head = new TableHead(file, rows[0].Fields, HasNames(file, rows, columns));
        var body = rows.Skip(head.HasNames ? 1 : 0).Where(row => row.Fields.Length == head.Count).ToList();
        var split = FindSplit(head, body, columns.Split);
        var path = head.Given(columns.Path, nameof(Path)) ?? head.Named(TableHead.Paths, nameof(Path))
            ?? Only(head.Columns.Where(at => at != split?.Column && body.Count > 0 && IsPicture(file, body[0].Fields[at])));
        var label = head.Given(columns.Label, nameof(Label)) ?? head.Named(TableHead.Labels, nameof(Label));
        path ??= label is null ? null : Only(head.ListFilled().Where(at => at != label && at != split?.Column));
        label ??= path is null ? null : Only(head.ListFilled().Where(at => at != path && at != split?.Column));
        return new TableLayout(
            head.HasNames,
            head.Count,
            path ?? throw head.Unknown("paths of the pictures", nameof(Path)),
            label is { } found && found != path ? found : throw head.Unknown("labels", nameof(Label)),
            split);
    }

    /// <summary>Of several columns, the one; null where there is none, or more.</summary>
    internal static int? Only(IEnumerable<int> columns) => columns.Take(2).ToList() is [var only] ? only : null;

    // A first row with a picture in it has no names, nor has one like the others where its column of paths is told by its number.
    private static bool HasNames(string file, List<TableRow> rows, TableColumns columns)
    {
        var first = rows[0].Fields;
        if (first.Any(field => ImageFiles.IsPicture(field) || (!TableHead.IsUsual(field) && ImageTable.Locate(file, field) is not null)))
            return false;

        return first.Any(TableHead.IsUsual)
            || columns.Path is not { } name || TableHead.NumberOf(name, first) is not { } at || TableHead.IndexOf(name, first) is not null
            || rows.Skip(1).All(row => row.Fields.Length <= at || ImageFiles.IsPicture(row.Fields[at]));
    }

    private static TableSplit? FindSplit(TableHead head, List<TableRow> body, string? given)
    {
        if (head.Given(given, nameof(Split)) is { } at)
            return new(at, head.FlaggedBy(at));

        if (!head.HasNames)
            return Only(head.Columns.Where(column => body.Count > 0 && body.All(row => IsPart(row.Fields[column])))) is { } only ? new(only, null) : null;

        if (head.TakeOne(head.ListNamed(TableHead.Splits).Where(column => body.Any(row => IsPart(row.Fields[column]))), nameof(Split)) is { } named)
            return body.All(row => IsUnassigned(row.Fields[named])) ? null : new(named, null);

        return head.TakeOne(head.Columns.Where(column => head.FlaggedBy(column) is not null && Divides(column)), nameof(Split)) is { } flag ? new(flag, head.FlaggedBy(flag)) : null;

        // One that is true of all, or of none, says something else, or nothing.
        bool Divides(int column) =>
            body.Select(row => new TableSplit(column, head.FlaggedBy(column)).FindPart(row.Fields)).OfType<string>().Distinct().Skip(1).Any();
    }

    private static bool IsPicture(string file, string field) => ImageFiles.IsPicture(field) || ImageTable.Locate(file, field) is not null;

    private static bool IsPart(string field) => PartNames.Find(field) is not null;

    // Vertex AI has that, or nothing, where it is to draw.
    private static bool IsUnassigned(string part) => part.Length == 0 || part.Equals("unassigned", StringComparison.OrdinalIgnoreCase);
}
