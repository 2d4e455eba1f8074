using MlNetAlexNet.Reports.Drawing;

namespace MlNetAlexNet.Reports;

/// <summary>A part of a page.</summary>
/// <param name="Id">Its anchor; letters alone.</param>
/// <param name="Title">Above it and in the table of contents.</param>
/// <param name="Body">What it shows; nothing where the records have nothing for it.</param>
internal sealed record PageSection(string Id, string Title, Markup Body);

/// <summary>A page in one file: it asks nothing of a network, and takes the colours that the reader has chosen.</summary>
/// <param name="Title">Of the window and on top.</param>
/// <param name="Head">Below the title.</param>
/// <param name="Sections">Those without a body are left out.</param>
internal sealed record Page(string Title, Markup Head, IReadOnlyList<PageSection> Sections)
{
    /// <summary>As a file.</summary>
    public string Format()
    {
        var sections = Sections.Where(section => !section.Body.IsEmpty).ToList();
        return Markup.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
            <title>{Title}</title>
            <style>
            {Read("page.css")}
            </style>
            </head>
            <body>
            <header><h1><bdi>{Title}</bdi></h1>{Head}</header>
            <nav>{sections.Select(section => Markup.Write($"""<a href="#{section.Id}">{section.Title}</a>"""))}</nav>
            <main>
            {sections.Select(section => Markup.Write($"""
                <section id="{section.Id}">
                <h2>{section.Title}</h2>
                {section.Body}
                </section>

                """))}</main>
            <footer>Written by MlNetAlexNet from the files of the run alone.</footer>
            <script>
            {Read("page.js")}
            </script>
            </body>
            </html>

            """).ToString();
    }

    private static Markup Read(string name)
    {
        using var text = new StreamReader(typeof(Page).Assembly.GetManifestResourceStream(name)!);
        return Markup.FromProgram(text.ReadToEnd());
    }
}
