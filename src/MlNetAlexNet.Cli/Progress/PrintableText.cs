using System.Globalization;
using System.Text;

namespace MlNetAlexNet.Cli.Progress;

/// <summary>Texts of others, such as names of folders, as a terminal may be given them.</summary>
internal static class PrintableText
{
    /// <summary>
    /// The text with what would move a cursor, colour a terminal, break a line or turn the direction of what follows written as
    /// <c>\u</c> and four digits, as JSON has it.
    /// </summary>
    public static string Escape(string text) => Escape(text, isKept: _ => false);

    /// <summary>The same of a text of several lines, which stay.</summary>
    public static string EscapeLines(string text) => Escape(text, isKept: letter => letter is '\n' or '\r' or '\t');

    private static string Escape(string text, Func<char, bool> isKept)
    {
        if (text.All(letter => !IsUnseen(letter) || isKept(letter)))
            return text;

        var printable = new StringBuilder();
        foreach (var letter in text)
        {
            if (IsUnseen(letter) && !isKept(letter))
                printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else
                printable.Append(letter);
        }

        return printable.ToString();
    }

    // Unicode's bidirectional controls (UAX 9) and separators of lines, beside those of ASCII and Latin-1.
    private static bool IsUnseen(char letter) => char.IsControl(letter)
        || letter is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
