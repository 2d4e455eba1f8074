using MlNetAlexNet.Reports.Drawing;

namespace MlNetAlexNet.Reports.Sections;

/// <summary>Tables of a page.</summary>
internal static class Table
{
    /// <summary>A cell with a number.</summary>
    /// <param name="value">Null for none.</param>
    /// <param name="format">Of it.</param>
    public static Markup Number(double? value, string format) => value is { } number
        ? Markup.Write($"""<td class="number" data-value="{number:R}">{number.ToString(format, System.Globalization.CultureInfo.InvariantCulture)}</td>""")
        : Markup.Write($"""<td class="number" data-value="-1"></td>""");

    /// <summary>A cell with a name, in whatever direction that is written.</summary>
    public static Markup Name(string name) => Markup.Write($"""<td class="name"><bdi>{name}</bdi></td>""");

    /// <summary>Heads of columns; those that begin with <c>#</c> are of numbers.</summary>
    public static Markup Heads(params IEnumerable<string> names) => Markup.Join(names.Select(name => name.StartsWith('#')
        ? Markup.Write($"""<th class="number">{name[1..]}</th>""")
        : Markup.Write($"<th>{name}</th>")));

    /// <summary>Names with what they stand for, a row each.</summary>
    public static Markup Pairs(IReadOnlyList<(string Name, string Value)> pairs) => pairs.Count == 0 ? Markup.None : Markup.Write(
        $"""<div class="scroll"><table>{pairs.Select(pair => Markup.Write($"""<tr><th>{pair.Name}</th><td class="path"><bdi>{pair.Value}</bdi></td></tr>"""))}</table></div>""");
}
