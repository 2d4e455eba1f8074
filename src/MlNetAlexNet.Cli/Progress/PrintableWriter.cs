using System.Text;

namespace MlNetAlexNet.Cli.Progress;

/// <summary>Writes lines in which nothing commands a terminal, whatever the names of files in them are.</summary>
/// <param name="inner">Where to.</param>
internal sealed class PrintableWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(PrintableText.EscapeLines(value ?? ""));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    // A line is written at once: two threads never share one.
    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + inner.NewLine);

    /// <inheritdoc/>
    public override void WriteLine() => Write(inner.NewLine);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();
}
