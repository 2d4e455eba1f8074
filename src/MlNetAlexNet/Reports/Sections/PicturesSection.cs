using MlNetAlexNet.Reports.Drawing;
using MlNetAlexNet.Reports.Records;

namespace MlNetAlexNet.Reports.Sections;

/// <summary>What the run learnt from, and what is wrong with it.</summary>
internal static class PicturesSection
{
    private const int MostListed = 100;

    public static Markup Draw(RunRecords records)
    {
        if (records.Description?.Pictures is not { } pictures)
            return Markup.None;

        return Markup.Write($"""
            <p class="path"><bdi>{records.Data}</bdi></p>
            {DrawClasses(pictures.Classes)}
            {(pictures.Unlabelled > 0 ? Markup.Write($"<p>{pictures.Unlabelled} more without a label to train on.</p>") : Markup.None)}
            {(pictures.Transparent > 0 ? Markup.Write($"<p>{pictures.Transparent} have transparent parts, which count as black.</p>") : Markup.None)}
            {(pictures.OtherFiles.Count > 0 ? Markup.Write($"<p>Left out, since they are no pictures by their names: {string.Join(", ", pictures.OtherFiles.Select(ending => FormattableString.Invariant($"{ending.Value} {(ending.Key == "" ? "without an ending" : ending.Key)}")))}.</p>") : Markup.None)}
            {DrawList("Left out, since they cannot be decoded", pictures.LeftOut.Select(picture => (picture.Path, picture.Reason)))}
            {DrawList("Look at these", pictures.Findings.Select(finding => ($"{Words(finding.Kind)}: {string.Join(" = ", finding.Paths)}", finding.Detail)))}
            """);
    }

    private static Markup DrawClasses(IReadOnlyList<ClassPictures> classes)
    {
        if (classes.Count == 0)
            return Markup.None;

        var most = Math.Max(1, classes.Max(each => each.Train));
        return Markup.Write($"""
            <div class="scroll"><table class="sorts">
            <thead><tr>{Table.Heads("class", "#train", "#validation", "#test")}</tr></thead>
            <tbody>{classes.Select(each => Markup.Write($"""
                <tr>{Table.Name(each.Name)}<td class="number" data-value="{each.Train}">{each.Train}<span class="bar" style="width:{100.0 * each.Train / most:0.#}%"></span></td>{Table.Number(each.Validation, "0")}{Table.Number(each.Test, "0")}</tr>

                """))}</tbody>
            <tfoot><tr><td>in all</td>{Table.Number(classes.Sum(each => each.Train), "0")}{Table.Number(classes.Sum(each => each.Validation), "0")}{Table.Number(classes.Sum(each => each.Test), "0")}</tr></tfoot>
            </table></div>
            """);
    }

    private static Markup DrawList(string title, IEnumerable<(string Path, string Detail)> items)
    {
        var all = items.ToList();
        return all.Count == 0 ? Markup.None : Markup.Write($"""
            <details><summary>{title}: {all.Count}</summary><div class="scroll"><table>{all.Take(MostListed).Select(item => Markup.Write($"""<tr><td class="path"><bdi>{item.Path}</bdi></td><td>{item.Detail}</td></tr>"""))}</table></div>
            {(all.Count > MostListed ? Markup.Write($"""<p class="soft">and {all.Count - MostListed} more, in {RunRecords.DescriptionName}</p>""") : Markup.None)}</details>
            """);
    }

    // LabelConflict is "label conflict".
    private static string Words(string name) => string.Concat(
        name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
