using System.Globalization;
using System.Text.RegularExpressions;

namespace MlNetAlexNet.Images;

/// <summary>The first row of a table: what its columns are called, or how many there are.</summary>
/// <param name="file">The table.</param>
/// <param name="first">Its first row.</param>
/// <param name="hasNames">Whether that has names.</param>
internal sealed partial class TableHead(string file, string[] first, bool hasNames)
{
    /// <summary>Usual names of the column of paths, in lower case, without what is between words.</summary>
    public static IReadOnlyList<string> Paths { get; } =
        ["path", "file", "filename", "filepath", "image", "imagepath", "imagefile", "imagename", "imagefilepath", "img", "imgpath", "imgfile", "imgname", "picture", "gcsfilepath"];

    /// <summary>Of the column of classes.</summary>
    public static IReadOnlyList<string> Labels { get; } = ["label", "labels", "class", "classname", "classlabel", "category", "target", "tag"];

    /// <summary>Of the column of parts.</summary>
    public static IReadOnlyList<string> Splits { get; } = ["split", "set", "subset", "part", "partition", "mluse", "usage"];

    private readonly string[] _names = hasNames ? first : [];

    public bool HasNames => hasNames;

    public int Count => first.Length;

    public IEnumerable<int> Columns => Enumerable.Range(0, Count);

    /// <summary>Whether a column of paths or of classes is called so.</summary>
    public static bool IsUsual(string name) => Paths.Contains(Plain(name)) || Labels.Contains(Plain(name));

    /// <summary>The column of a name, from 0; null for none.</summary>
    public static int? IndexOf(string name, string[] names) =>
        Array.FindIndex(names, other => other.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)) is >= 0 and var at ? at : null;

    /// <summary>The column, from 0, of a number from 1; null where it is none.</summary>
    public static int? NumberOf(string name, string[] fields) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= fields.Length ? number - 1 : null;

    /// <summary>All but those whose name is empty, as of the index that pandas writes.</summary>
    public IEnumerable<int> ListFilled() => Columns.Where(at => !hasNames || first[at].Length > 0);

    /// <summary>Those of usual names.</summary>
    public IEnumerable<int> ListNamed(IReadOnlyList<string> usual) => _names.Index().Where(name => usual.Contains(Plain(name.Item))).Select(name => name.Index);

    /// <summary>The one of usual names; null for none.</summary>
    /// <exception cref="AlexNetException">There are two.</exception>
    public int? Named(IReadOnlyList<string> usual, string column) => TakeOne(ListNamed(usual), column);

    /// <summary>The part that a column is true for, by its name, as <c>is_valid</c>; null for none.</summary>
    public string? FlaggedBy(int column) =>
        _names.ElementAtOrDefault(column) is { } name && Plain(name) is ['i', 's', .. var part] ? PartNames.Find(part) : null;

    /// <summary>The only one of these; null for none.</summary>
    /// <param name="columns">Each could be it.</param>
    /// <param name="column">What it is for.</param>
    /// <exception cref="AlexNetException">There are two.</exception>
    public int? TakeOne(IEnumerable<int> columns, string column)
    {
        var found = columns.ToList();
        return found.Count < 2 ? TableLayout.Only(found) : throw new AlexNetException(
            $"The table '{file}' has the columns {Quote(found.Select(at => _names[at]))}, and each could be that of the {column.ToLowerInvariant()}. Name one.")
        {
            Option = $"{column}Column",
        };
    }

    /// <summary>The one that the user names or gives the number of; null where there is nothing given.</summary>
    /// <exception cref="AlexNetException">It is not there.</exception>
    public int? Given(string? name, string column) => name is null ? null
        : IndexOf(name, _names) ?? NumberOf(name, first)
            ?? throw new AlexNetException($"The table '{file}' has no column '{name}'. {Describe()}") { Option = $"{column}Column" };

    public AlexNetException Unknown(string what, string column) => new(
        $"It cannot be told which column of the table '{file}' has the {what}. {Describe()} Name it, or give its number.")
    {
        Option = $"{column}Column",
    };

    private string Describe() => hasNames
        ? $"Its columns are {Quote(_names)}."
        : string.Create(CultureInfo.InvariantCulture, $"Its first row has no names, but a picture: {Count} columns, numbered from 1.");

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private static string Plain(string name) => Separators().Replace(name, "").ToLowerInvariant();

    [GeneratedRegex("[ _.-]")]
    private static partial Regex Separators();
}
