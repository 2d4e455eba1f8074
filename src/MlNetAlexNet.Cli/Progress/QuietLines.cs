namespace MlNetAlexNet.Cli.Progress;

/// <summary>Results, and with the errors what may go wrong.</summary>
/// <param name="output">For results.</param>
/// <param name="error">For the rest.</param>
/// <param name="columns">The most of a line.</param>
internal sealed class QuietLines(TextWriter output, TextWriter error, int columns) : INewsOutput
{
    /// <inheritdoc/>
    public void Report(News value)
    {
        if (value.Kind == NewsKind.Progress)
            return;

        foreach (var paragraph in value.Text)
            (value.Kind == NewsKind.Result ? output : error).WriteLine(paragraph.Wrap(columns));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
