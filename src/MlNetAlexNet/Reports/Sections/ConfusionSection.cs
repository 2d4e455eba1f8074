using System.Text.Json;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Reports.Drawing;
using MlNetAlexNet.Reports.Records;

namespace MlNetAlexNet.Reports.Sections;

/// <summary>
/// The confusion matrix, in which a cell opens the pictures behind it: a table of few classes, a picture of many. What a cell opens is
/// in the page and needs no script.
/// </summary>
internal static class ConfusionSection
{
    private const int MostInTable = 40;
    private const int MostInCell = 60;
    private const int MostPairs = 20;
    private const int MostCells = 3000; // with pictures; mistakes first, by their number

    /// <param name="records">Of the run.</param>
    /// <param name="grid">For the pictures behind the cells.</param>
    /// <param name="prefix">Of the anchors, where a page has several. Default: none.</param>
    public static Markup Draw(RunRecords records, PictureGrid grid, string prefix = "")
    {
        if (records.Metrics is not { } metrics)
            return Markup.None;

        var confusion = metrics.Confusion;
        var index = confusion.Classes.Index().ToDictionary(name => name.Item, name => name.Index);
        var cells = records.Pictures
            .GroupBy(picture => (Row: index[picture.Label], Column: index[picture.Predicted]))
            .OrderBy(cell => cell.Key.Row == cell.Key.Column).ThenByDescending(cell => cell.Count()).ThenBy(cell => cell.Key)
            .ToList();
        var opened = cells.Take(MostCells).ToList();
        return Markup.Write($"""
            <p class="soft">A row is a class, a column what its pictures were taken for. The deeper a cell, the more of its row. Choose one to see its pictures.</p>
            {(confusion.Classes.Count <= MostInTable ? DrawTable(confusion, prefix) : DrawRaster(confusion, cells.Select(cell => cell.Key), prefix))}
            {DrawPairs(confusion, cells, prefix)}
            {opened.Select(cell => DrawCell(confusion, cell.Key, [.. cell], grid, prefix))}
            """);
    }

    private static Markup DrawTable(ConfusionMatrix confusion, string prefix)
    {
        var numbers = Enumerable.Range(0, confusion.Classes.Count).ToList();
        return Markup.Write($"""
            <div class="scroll"><table class="matrix">
            <thead><tr><th></th>{numbers.Select(column => Markup.Write($"""<th class="number" title="{confusion.Classes[column]}">{column + 1}</th>"""))}</tr></thead>
            <tbody>{numbers.Select(row => Markup.Write($"""
                <tr><th title="{confusion.Classes[row]}"><span class="clip">{row + 1} <bdi>{confusion.Classes[row]}</bdi></span></th>{numbers.Select(column => DrawCount(confusion, row, column, prefix))}</tr>

                """))}</tbody></table></div>
            """);
    }

    private static Markup DrawCount(ConfusionMatrix confusion, int row, int column, string prefix)
    {
        if (confusion[row, column] is not (> 0 and var count))
            return Markup.Write($"""<td class="zero">&middot;</td>""");

        var tenths = (10 * count + confusion.CountActual(row) - 1) / confusion.CountActual(row); // 1 to 10: how deep it is
        return Markup.Write(
            $"""<td class="{(row == column ? "right" : "wrong")} deep{tenths}"><a href="#{prefix}cell-{row}-{column}" title="{confusion.Classes[row]} taken for {confusion.Classes[column]}">{count}</a></td>""");
    }

    private static Markup DrawRaster(ConfusionMatrix confusion, IEnumerable<(int Row, int Column)> cells, string prefix)
    {
        // JSON's own escapes leave no < for the page.
        var data = JsonSerializer.Serialize(new
        {
            classes = confusion.Classes,
            cells = cells.Select(cell => (int[])[cell.Row, cell.Column, confusion[cell.Row, cell.Column]]),
        });
        return Markup.Write($"""
            <div class="raster" data-prefix="{prefix}" data-cells="{prefix}cells" data-said="{prefix}said"><img src="{ConfusionRaster.Draw(confusion)}" alt="Confusion matrix of {confusion.Classes.Count} classes"></div>
            <p class="soft" id="{prefix}said">Point at it: the classes are in the order of the table below.</p>
            <script type="application/json" id="{prefix}cells">{Markup.FromProgram(data)}</script>
            """);
    }

    private static Markup DrawPairs(ConfusionMatrix confusion, IEnumerable<IGrouping<(int Row, int Column), ScoredPicture>> cells, string prefix)
    {
        var pairs = cells.Where(cell => cell.Key.Row != cell.Key.Column).Take(MostPairs).ToList();
        return pairs.Count == 0 ? Markup.None : Markup.Write($"""
            <details{(confusion.Classes.Count > MostInTable ? Markup.FromProgram(" open") : Markup.None)}><summary>What is confused most</summary>
            <div class="scroll"><table><thead><tr>{Table.Heads("class", "taken for", "#pictures", "#of the class")}</tr></thead>
            <tbody>{pairs.Select(cell => Markup.Write($"""
                <tr>{Table.Name(confusion.Classes[cell.Key.Row])}{Table.Name(confusion.Classes[cell.Key.Column])}<td class="number"><a href="#{prefix}cell-{cell.Key.Row}-{cell.Key.Column}">{cell.Count()}</a></td>{Table.Number((double)cell.Count() / confusion.CountActual(cell.Key.Row), "0.0%")}</tr>

                """))}</tbody></table></div></details>
            """);
    }

    // Of mistakes the surest first, of what is right the least sure.
    private static Markup DrawCell(ConfusionMatrix confusion, (int Row, int Column) cell, List<ScoredPicture> pictures, PictureGrid grid, string prefix)
    {
        var (actual, predicted) = (confusion.Classes[cell.Row], confusion.Classes[cell.Column]);
        var shown = (cell.Row == cell.Column ? pictures.OrderBy(picture => picture.Probability) : pictures.OrderByDescending(picture => picture.Probability))
            .Take(MostInCell);
        var title = cell.Row == cell.Column
            ? Markup.Write($"<bdi>{actual}</bdi>, right: {pictures.Count} of {confusion.CountActual(cell.Row)}")
            : Markup.Write($"<bdi>{actual}</bdi> taken for <bdi>{predicted}</bdi>: {pictures.Count} of {confusion.CountActual(cell.Row)}");
        return Markup.Write($"""
            <div class="cell" id="{prefix}cell-{cell.Row}-{cell.Column}"><a class="close" href="#confusion">close</a><h3>{title}</h3>
            {grid.Draw(shown)}{(pictures.Count > MostInCell ? Markup.Write($"""<p class="soft">and {pictures.Count - MostInCell} more, in {RunRecords.PredictionsName}</p>""") : Markup.None)}</div>

            """);
    }
}
