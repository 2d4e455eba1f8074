using System.Globalization;

namespace MlNetAlexNet.Images;

/// <summary>Files among pictures that are none by their names, and are left out: how many of each ending. Immutable.</summary>
/// <param name="Endings">By ending, in lower case with its dot; <c>""</c> for files without one.</param>
public sealed record OtherFiles(IReadOnlyDictionary<string, int> Endings)
{
    /// <summary>No files.</summary>
    public static OtherFiles None { get; } = new(new Dictionary<string, int>());

    /// <summary>How many there are.</summary>
    public int Count => Endings.Values.Sum();

    internal static OtherFiles Collect(IEnumerable<string> paths) =>
        new(paths.CountBy(path => Path.GetExtension(path).ToLowerInvariant()).ToDictionary());

    internal OtherFiles Add(OtherFiles more) => new(
        Endings.Concat(more.Endings).GroupBy(ending => ending.Key).ToDictionary(same => same.Key, same => same.Sum(ending => ending.Value)));

    /// <summary>In words, the most first: <c>10 .ppm, 2 without an ending</c>.</summary>
    public override string ToString() => string.Join(", ", Endings
        .OrderByDescending(ending => ending.Value).ThenBy(ending => ending.Key, StringComparer.Ordinal)
        .Select(ending => string.Create(
            CultureInfo.InvariantCulture, $"{ending.Value} {(ending.Key == "" ? "without an ending" : ending.Key)}")));
}
