using System.Globalization;

namespace MlNetAlexNet.Cli.Progress;

/// <summary>How far one count has come.</summary>
/// <param name="Label">In words: <c>epoch 2/15</c>.</param>
/// <param name="Share">0 to 1; null where the end is not known.</param>
internal sealed record Bar(string Label, double? Share)
{
    /// <summary>Columns of the label at its longest, so that what stands beside it does not jump. Default: those it has.</summary>
    public int Columns { get; init; } = Label.Length;

    /// <summary>So many of so many.</summary>
    /// <param name="what">What is counted, before the figures.</param>
    /// <param name="done">So far.</param>
    /// <param name="total">In all; null where nobody knows.</param>
    public static Bar Count(string what, long done, long? total)
    {
        if (total is not > 0)
            return new(string.Create(CultureInfo.InvariantCulture, $"{what} {done}"), null);

        var end = total.Value.ToString(CultureInfo.InvariantCulture);
        return new(string.Create(CultureInfo.InvariantCulture, $"{what} {done}/{end}"), Math.Clamp((double)done / total.Value, 0, 1))
        {
            Columns = what.Length + 2 * (1 + end.Length),
        };
    }
}

/// <summary>A row of figures, drawn as a small curve.</summary>
/// <param name="Name">What they are.</param>
/// <param name="Points">In their order.</param>
internal sealed record Curve(string Name, IReadOnlyList<double> Points);

/// <summary>What is under way.</summary>
/// <param name="Name">In words; its time runs as long as they are the same.</param>
/// <param name="Bars">How far it has come, the whole before its part. None: nobody knows.</param>
internal sealed record Work(string Name, params IReadOnlyList<Bar> Bars)
{
    /// <summary>To its end, where the work itself knows; else it is estimated by what is done. Default null.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>Such as the loss, and images/s. Default: none.</summary>
    public IReadOnlyList<string> Figures { get; init; } = [];

    /// <summary>What is drawn. Default: nothing.</summary>
    public IReadOnlyList<Curve> Curves { get; init; } = [];

    /// <summary>What is kept so far. Default: nothing.</summary>
    public IReadOnlyList<string> Best { get; init; } = [];
}
