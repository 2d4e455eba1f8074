using System.Globalization;
using System.Text;
using Microsoft.VisualBasic.FileIO;

namespace MlNetAlexNet.Images;

/// <summary>A row of a table.</summary>
/// <param name="Line">Of the file, from 1, that it begins on.</param>
/// <param name="Fields">Without the blanks around them.</param>
internal readonly record struct TableRow(long Line, string[] Fields);

/// <summary>
/// The rows of a text with commas, semicolons or tabs between fields (RFC 4180, but for the separator), in UTF-8 or what its byte order
/// mark says. Empty lines are no rows. Read by .NET's own reader of such texts, which needs no package.
/// </summary>
internal static class TableText
{
    private static readonly char[] s_separators = ['\t', ';', ','];

    /// <exception cref="AlexNetException">It cannot be read, is no text, or a quotation has no end.</exception>
    public static List<TableRow> Read(string path)
    {
        try
        {
            var separator = FindSeparator(path);
            using var text = OpenText(path);
            using var parser = new TextFieldParser(text) { Delimiters = [separator.ToString()], HasFieldsEnclosedInQuotes = true };
            return ReadRows(path, parser);
        }
        catch (DecoderFallbackException fault)
        {
            throw new AlexNetException($"The table '{path}' is no text in UTF-8. Save it so.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The table '{path}' cannot be read: {fault.Message}", fault);
        }
    }

    private static List<TableRow> ReadRows(string path, TextFieldParser parser)
    {
        var rows = new List<TableRow>();
        while (!parser.EndOfData)
        {
            var line = parser.LineNumber;
            try
            {
                if (parser.ReadFields() is { } fields)
                    rows.Add(new TableRow(line, fields));
            }
            catch (Exception fault) when (fault is MalformedLineException or InvalidOperationException) // or one of 10 million characters
            {
                throw new AlexNetException(
                    string.Create(CultureInfo.InvariantCulture, $"The table '{path}' has a quotation on line {line} that does not end as it should. ")
                    + "A quotation mark within one is written twice.",
                    fault);
            }
        }

        return rows;
    }

    // The one that is in the first row most, outside of quotations.
    private static char FindSeparator(string path)
    {
        using var text = OpenText(path);
        var (counts, isQuoted, isBlank) = (new int[s_separators.Length], false, true);
        for (int read; (read = text.Read()) >= 0 && (isQuoted || isBlank || read is not ('\n' or '\r'));)
        {
            isQuoted ^= read == '"';
            isBlank &= char.IsWhiteSpace((char)read);
            if (!isQuoted && Array.IndexOf(s_separators, (char)read) is >= 0 and var at)
                counts[at]++;
        }

        return counts[0] > 0 ? '\t' // which nobody types into a path or a label
            : counts[1] > counts[2] ? ';'
            : ',';
    }

    private static StreamReader OpenText(string path) =>
        new(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
}
