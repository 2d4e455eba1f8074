using System.Text;

namespace MlNetAlexNet.Cli;

/// <summary>What a command says under a word at the left, in lines of 80 columns.</summary>
internal static class Paragraph
{
    private const int Columns = 80;
    private const int Indent = 11;

    /// <summary>Columns beside the word.</summary>
    public const int Width = Columns - Indent;

    /// <summary>Each item on a line of its own, broken between words where it is longer.</summary>
    /// <param name="word">What stands before the first line.</param>
    /// <param name="items">What is said.</param>
    public static string Format(string word, IEnumerable<string> items)
    {
        var text = new StringBuilder();
        var start = word.PadRight(Indent);
        foreach (var line in items.SelectMany(Break))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(start).Append(line);
            start = new string(' ', Indent);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Break(string item)
    {
        var line = "";
        foreach (var word in item.Split(' '))
        {
            if (line.Length > 0 && Indent + line.Length + 1 + word.Length > Columns)
            {
                yield return line;
                line = " "; // what goes on
            }

            line += line.Length > 0 ? $" {word}" : word;
        }

        yield return line;
    }
}
