using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace MlNetAlexNet.Reports.Drawing;

/// <summary>
/// Markup of a page or of SVG within it. It is made of literals of the program and of values, and whatever characters a value has
/// are text, also within quotation marks: <c>Markup.Write($"&lt;td&gt;{name}&lt;/td&gt;")</c>.
/// </summary>
internal readonly struct Markup
{
    private readonly string? _text;

    private Markup(string text) => _text = text;

    /// <summary>Nothing.</summary>
    public static Markup None => default;

    public bool IsEmpty => string.IsNullOrEmpty(_text);

    /// <summary>Literals with values between them.</summary>
    public static Markup Write(ref Writer writer) => new(writer.Finish());

    /// <summary>What the program itself brings, such as a style sheet.</summary>
    public static Markup FromProgram(string text) => new(text);

    /// <summary>One after the other.</summary>
    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part._text)));

    public override string ToString() => _text ?? "";

    /// <summary>Makes text of what stands between the literals.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Writer
    {
        // Letters of all scripts stay legible in the file; what could end an element, an attribute or a line does not.
        private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

        private readonly StringBuilder _text;

        public Writer(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + 16 * formattedCount);

        public void AppendLiteral(string literal) => _text.Append(literal);

        public void AppendFormatted(Markup markup) => _text.Append(markup._text);

        public void AppendFormatted(IEnumerable<Markup> parts)
        {
            foreach (var part in parts)
                _text.Append(part._text);
        }

        public void AppendFormatted(string? value) => _text.Append(s_encoder.Encode(value ?? ""));

        public void AppendFormatted<T>(T value, string? format = null) where T : IFormattable =>
            AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

        internal string Finish() => _text.ToString();
    }
}
