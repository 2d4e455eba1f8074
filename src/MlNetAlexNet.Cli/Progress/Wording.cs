using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Spectre.Console.Rendering;

namespace MlNetAlexNet.Cli.Progress;

/// <summary>
/// What is said, in pieces between which a line may be broken: an interpolated string whose own words are pieces. What is put in
/// stays whole, such as a path, which could not be copied otherwise, and is printable whatever it holds; numbers are those of the
/// invariant culture. <c>{text:prose}</c> is a sentence of the library, which is broken outside its quotes alone.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Wording
{
    private readonly List<Piece> _pieces = [];
    private readonly StringBuilder _begun = new();

    /// <summary>For the compiler.</summary>
    public Wording(int literalLength, int formattedCount)
    {
        _ = literalLength;
        _ = formattedCount;
    }

    private Wording()
    {
    }

    /// <param name="Text">Which is not broken.</param>
    /// <param name="IsGlued">Whether a break behind it is the last resort.</param>
    private readonly record struct Piece(string Text, bool IsGlued);

    /// <summary>A sentence of the library.</summary>
    public static implicit operator Wording(string prose)
    {
        var wording = new Wording();
        wording.AppendFormatted(prose, "prose");
        return wording;
    }

    /// <summary>Phrases of figures after each other, broken between them, and within one where it is wider than a line alone.</summary>
    public static Wording Join(IEnumerable<string> phrases)
    {
        var wording = new Wording();
        foreach (var phrase in phrases)
            wording.AddPhrase(phrase);
        return wording;
    }

    /// <summary>Cells of a terminal that a text takes: two for a letter of Chinese, none for an accent by itself.</summary>
    public static int CountCells(string text) => new Segment(text).CellCount();

    /// <summary>With one more phrase, behind a comma.</summary>
    public Wording With(string phrase)
    {
        var more = new Wording().Then(this);
        more.AddPhrase(phrase);
        return more;
    }

    /// <summary>With what goes on at its very end.</summary>
    public Wording Then(Wording next)
    {
        var more = new Wording();
        foreach (var part in (Wording[])[this, next])
        {
            foreach (var (text, isGlued) in part._pieces)
            {
                more._begun.Append(text);
                more.End("", isGlued);
            }

            more._begun.Append(part._begun);
        }

        return more;
    }

    /// <summary>With names behind a space, each whole.</summary>
    public Wording And(IEnumerable<string> names)
    {
        var more = new Wording().Then(this);
        var sign = "";
        foreach (var name in names)
        {
            more.End(sign, isGlued: false);
            more._begun.Append(PrintableText.Escape(name));
            sign = ",";
        }

        return more;
    }

    /// <summary>For the compiler.</summary>
    public void AppendLiteral(string words)
    {
        foreach (var letter in words)
            Append(letter, mayBreak: true);
    }

    /// <summary>For the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format = null) => _begun.Append(PrintableText.Escape(
        value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : $"{value}"));

    /// <summary>For the compiler.</summary>
    public void AppendFormatted(string text, string? format = null)
    {
        if (format != "prose")
        {
            _begun.Append(PrintableText.Escape(text));
            return;
        }

        var quoted = -1; // to where
        for (var i = 0; i < text.Length; i++)
        {
            if (i > quoted && text[i] == '\'' && (i == 0 || " (".Contains(text[i - 1], StringComparison.Ordinal)))
                quoted = FindClosing(text, i + 1);
            Append(text[i], mayBreak: i > quoted);
        }
    }

    /// <summary>Lines of at most so many cells, but for a piece that is wider alone.</summary>
    public IEnumerable<string> Break(int cells)
    {
        var line = "";
        var width = 0;
        Piece[] pieces = [.. _pieces, .. _begun.Length > 0 ? (Piece[])[new(_begun.ToString(), false)] : []];
        for (var i = 0; i < pieces.Length; i++)
        {
            var alone = CountCells(pieces[i].Text);
            var together = alone;
            for (var next = i; pieces[next].IsGlued && next + 1 < pieces.Length; next++)
                together += 1 + CountCells(pieces[next + 1].Text);

            var isBegun = i > 0 && pieces[i - 1].IsGlued;
            var needed = !isBegun && together < cells ? together : alone;
            if (width > 0 && width + 1 + needed > cells)
            {
                yield return line;
                (line, width) = (" ", 1); // what goes on
            }

            line += width > 0 ? $" {pieces[i].Text}" : pieces[i].Text;
            width += (width > 0 ? 1 : 0) + alone;
        }

        yield return line;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Break(int.MaxValue));

    private void AddPhrase(string phrase)
    {
        if (_begun.Length > 0)
            End(",", isGlued: false);
        string[] words = PrintableText.Escape(phrase).Split(' ');
        foreach (var word in words[..^1])
        {
            _begun.Append(word);
            End("", isGlued: true);
        }

        _begun.Append(words[^1]);
    }

    private static int FindClosing(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == '\'' && (i + 1 == text.Length || " ,.;:)\n".Contains(text[i + 1], StringComparison.Ordinal)))
                return i;
        }

        return -1;
    }

    private void Append(char letter, bool mayBreak)
    {
        if (mayBreak && letter is (' ' or '\n'))
            End("", isGlued: false);
        else
            _begun.Append(PrintableText.Escape(letter.ToString()));
    }

    private void End(string sign, bool isGlued)
    {
        _pieces.Add(new(_begun.Append(sign).ToString(), isGlued));
        _begun.Clear();
    }
}
