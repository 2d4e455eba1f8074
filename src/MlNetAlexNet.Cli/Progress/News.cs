namespace MlNetAlexNet.Cli.Progress;

/// <summary>Where something is said that stays.</summary>
internal enum NewsKind
{
    /// <summary>How it goes: nothing where a command is to be quiet.</summary>
    Progress,

    /// <summary>What may go wrong: with the progress, or with the errors where that is quiet.</summary>
    Warning,

    /// <summary>What it came to: always, with the output.</summary>
    Result,

    /// <summary>What is no result: always, with the errors.</summary>
    Aside,
}

/// <summary>
/// One event of a command's work, and all that any output says of it: lines for people, figures for programs, and what is under
/// way from now on.
/// </summary>
/// <param name="Event">Its name for programs.</param>
/// <param name="Figures">For programs: an object of which each property is one. Default: there are none.</param>
internal sealed record News(string Event, object? Figures = null)
{
    /// <summary>Where <see cref="Text"/> is said. Default: with the progress.</summary>
    public NewsKind Kind { get; init; }

    /// <summary>What stays on a terminal and in a log. Default: nothing does.</summary>
    public IReadOnlyList<Paragraph> Text { get; init; } = [];

    /// <summary>Whether a log says at what time it was. Default false.</summary>
    public bool IsTimed { get; init; }

    /// <summary>Whether it is one of many of its kind, of which not all are worth a line. Default false.</summary>
    public bool IsFrequent { get; init; }

    /// <summary>What is under way from now on. Default null: as before.</summary>
    public Work? Work { get; init; }
}
