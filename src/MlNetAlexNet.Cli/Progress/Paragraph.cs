using System.Text;

namespace MlNetAlexNet.Cli.Progress;

/// <summary>What a command says under a word at the left.</summary>
/// <param name="Word">The word.</param>
/// <param name="Items">Each begins a line.</param>
internal sealed record Paragraph(string Word, params IReadOnlyList<Wording> Items)
{
    /// <summary>Columns of what is no terminal, or does not say how wide it is.</summary>
    public const int Columns = 80;

    private const int UsualIndent = 11;

    /// <summary>Columns beside the word.</summary>
    public const int Width = Columns - UsualIndent;

    /// <summary>Columns of the word. Default 11.</summary>
    public int Indent { get; private init; } = UsualIndent;

    /// <summary>Each item on a line of its own, broken between words where it is longer.</summary>
    public static string Format(string word, IEnumerable<string> items) => new Paragraph(word, [.. items.Select(item => (Wording)item)]).Wrap(Columns);

    /// <summary>A sentence without a word at the left.</summary>
    public static Paragraph OfSentence(Wording sentence) => new("", sentence) { Indent = 0 };

    /// <summary>A path by itself on a line, which is not broken.</summary>
    /// <param name="path">The path.</param>
    /// <param name="sign">What stands before it.</param>
    public static Paragraph OfPath(string path, string sign = "") => new("", $"{$"  {sign}{path}"}");

    /// <summary>The lines, at most so wide where nothing in them that stays whole is wider.</summary>
    public string Wrap(int columns)
    {
        var text = new StringBuilder();
        var start = Word.PadRight(Indent);
        foreach (var line in Items.SelectMany(item => item.Break(columns - Indent)))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(start).Append(line);
            start = new string(' ', Indent);
        }

        return text.ToString();
    }
}
