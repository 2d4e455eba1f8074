using Microsoft.VisualBasic.FileIO;

namespace MlNetAlexNet.Reports.Records;

/// <summary>The tables of a run folder: commas, and quotation marks where a field needs them (RFC 4180).</summary>
internal static class CsvText
{
    /// <summary>Rows as text, each ended by <c>\n</c>.</summary>
    public static string Format(IEnumerable<IReadOnlyList<string>> rows) =>
        string.Concat(rows.Select(row => string.Join(',', row.Select(Quote)) + "\n"));

    /// <summary>The rows by the names of the first one.</summary>
    /// <exception cref="AlexNetException">It cannot be read, or is none.</exception>
    public static List<Dictionary<string, string>> Read(string path)
    {
        try
        {
            using var parser = new TextFieldParser(path) { Delimiters = [","], HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = false };
            var names = parser.ReadFields() ?? [];
            var rows = new List<Dictionary<string, string>>();
            while (!parser.EndOfData)
            {
                var line = parser.LineNumber;
                var fields = parser.ReadFields()!;
                if (fields.Length != names.Length)
                    throw new AlexNetException(FormattableString.Invariant($"'{path}' cannot be read: line {line} has {fields.Length} fields, and the first {names.Length}."));

                rows.Add(names.Zip(fields).ToDictionary(field => field.First, field => field.Second));
            }

            return rows;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or MalformedLineException or ArgumentException)
        {
            throw new AlexNetException($"'{path}' cannot be read: {fault.Message}", fault);
        }
    }

    private static string Quote(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") < 0 && field.Trim().Length == field.Length && field != "" ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
