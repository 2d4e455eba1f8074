using System.Collections;

namespace MlNetAlexNet.Formats;

/// <summary>Formats to choose from: by what a file contains, or by what its name ends in.</summary>
internal sealed class FormatTable(params IReadOnlyList<ModelFormat> rows) : IReadOnlyList<ModelFormat>
{
    public int Count => rows.Count;

    public ModelFormat this[int index] => rows[index];

    /// <summary>All of them, in words.</summary>
    public string Known => string.Join(", ", rows);

    /// <summary>
    /// The format that a file is of. One that looks like none of them, as it does when it is damaged, is taken for what
    /// its name says; the reader tells what is wrong with it.
    /// </summary>
    /// <exception cref="AlexNetException">The file cannot be read, or is none of these.</exception>
    public ModelFormat Recognize(FileLook look)
    {
        if (look.IsPipe)
            throw new AlexNetException($"'{look.Path}' is a pipe, and a model is read in more than one go. Write it to a file, and give that.");

        return rows.FirstOrDefault(row => row.Recognizes(look)) ?? FindByEnding(look.Path) ?? throw new AlexNetException(
            $"'{look.Path}' is no model that is known, by what it contains or by its ending. Known: {Known}.");
    }

    /// <summary>The format that a file of that name is written in.</summary>
    /// <exception cref="AlexNetException">The name does not say.</exception>
    public ModelFormat ChooseByEnding(string path) => FindByEnding(path) ?? throw new AlexNetException(
        $"'{path}' does not say by its ending what it is. Known: {Known}.");

    public IEnumerator<ModelFormat> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // The longest one: a .weights.h5 is not any .h5.
    private ModelFormat? FindByEnding(string path) => (
        from row in rows
        from ending in row.Endings
        where path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)
        orderby ending.Length descending
        select row).FirstOrDefault();
}
