using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Reports.Drawing;
using MlNetAlexNet.Reports.Records;

namespace MlNetAlexNet.Reports;

/// <summary>Two runs, and what they have in common.</summary>
internal sealed class RunPair
{
    public RunPair(RunRecords first, RunRecords second)
    {
        (First, Second) = (first, second);
        (FirstName, SecondName) = first.Name == second.Name ? ($"{first.Name} (1)", $"{second.Name} (2)") : (first.Name, second.Name);
        var others = second.Pictures.ToLookup(second.NameOf);
        Shared =
        [
            .. first.Pictures.SelectMany(picture => others[first.NameOf(picture)].Where(other => other.Label == picture.Label).Take(1)
                .Select(other => (picture, other))),
        ];
        Paired = Shared.Count == 0 ? null : PairedComparison.Count(
            [.. Shared.Select(pair => pair.First.Label)], [.. Shared.Select(pair => pair.First.Predicted)], [.. Shared.Select(pair => pair.Second.Predicted)]);
    }

    public RunRecords First { get; }

    public RunRecords Second { get; }

    public string FirstName { get; }

    public string SecondName { get; }

    /// <summary>Pictures that both have tested, by their names, with the same label.</summary>
    public IReadOnlyList<(ScoredPicture First, ScoredPicture Second)> Shared { get; }

    /// <summary>Whether their pictures lie in two folders.</summary>
    public bool AreOfOtherFolders => First.Data != Second.Data;

    /// <summary>On those; null where there are none.</summary>
    public PairedComparison? Paired { get; }

    /// <summary>The same of both, with a prefix for the anchors of each; nothing where neither has anything.</summary>
    public Markup SideBySide(Func<RunRecords, string, Markup> draw)
    {
        var (first, second) = (draw(First, "first-"), draw(Second, "second-"));
        return first.IsEmpty && second.IsEmpty ? Markup.None : Markup.Write($"""
            <div class="split"><div><h3><bdi>{FirstName}</bdi></h3>{first}</div><div><h3><bdi>{SecondName}</bdi></h3>{second}</div></div>
            """);
    }

    /// <summary>The heads of a table with a column a run.</summary>
    public Markup DrawHeads() => Markup.Write($"<tr><th></th><th><bdi>{FirstName}</bdi></th><th><bdi>{SecondName}</bdi></th></tr>");
}
