namespace MlNetAlexNet.Inspection;

/// <summary>Something found in a folder of pictures.</summary>
/// <param name="Kind">What.</param>
/// <param name="Paths">
/// The pictures or folders it is about, from the folder that was inspected on, with <c>/</c> between names; in ordinal order.
/// </param>
/// <param name="Detail">A sentence that says more; empty where the kind says it all.</param>
public sealed record Finding(FindingKind Kind, IReadOnlyList<string> Paths, string Detail = "")
{
    /// <summary>How much the pictures are alike; null where it is not about copies.</summary>
    public Likeness? Likeness { get; init; }

    /// <summary>
    /// Whether it would end a training, or make what is trained or measured wrong; else it is good to know. Errors are all up to
    /// <see cref="FindingKind.BesideClasses"/>, but a class that only validation or test have not.
    /// </summary>
    public bool IsError => Kind <= FindingKind.BesideClasses && !IsUntested;

    /// <summary>Whether it is about a class that validation or test have not, and that can be trained on all the same.</summary>
    internal bool IsUntested { get; init; }
}
