using System.Globalization;
using System.Text;

namespace MlNetAlexNet.Evaluation;

/// <summary>How often each true class (row) was predicted as each class (column).</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts;

    internal ConfusionMatrix(IReadOnlyList<string> classes, int[,] counts) => (Classes, _counts) = (classes, counts);

    /// <summary>The classes, in the order of rows and columns.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Pictures of class <paramref name="actual"/> predicted as <paramref name="predicted"/>.</summary>
    public int this[int actual, int predicted] => _counts[actual, predicted];

    /// <summary>Pictures of a class.</summary>
    public int CountActual(int index) => Enumerable.Range(0, Classes.Count).Sum(other => _counts[index, other]);

    /// <summary>Pictures predicted as a class.</summary>
    public int CountPredicted(int index) => Enumerable.Range(0, Classes.Count).Sum(other => _counts[other, index]);

    /// <summary>
    /// An aligned table, each line ended by <c>\n</c>: the columns are numbered, the rows numbered and named, so that
    /// long names do not make it wide.
    /// </summary>
    public override string ToString()
    {
        var numbers = Enumerable.Range(0, Classes.Count).ToArray();
        var digits = Text(Classes.Count).Length;
        var rowNames = numbers.Select(row => $"{Text(row + 1).PadLeft(digits)} {Classes[row]}").ToArray();
        var nameWidth = rowNames.Max(name => name.Length);
        var cellWidth = 1 + numbers.SelectMany(row => numbers.Select(column => Text(_counts[row, column])))
            .Append(Text(Classes.Count)).Max(cell => cell.Length);

        var table = new StringBuilder("Rows: the true class. Columns: the predicted class, by the row's number.\n\n");
        Row("", numbers.Select(column => Text(column + 1)));
        foreach (var row in numbers)
            Row(rowNames[row], numbers.Select(column => Text(_counts[row, column])));

        return table.ToString();

        void Row(string name, IEnumerable<string> cells) => table
            .Append(name.PadRight(nameWidth))
            .AppendJoin("", cells.Select(cell => cell.PadLeft(cellWidth)))
            .Append('\n');
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
