using MlNetAlexNet.Models;
using static System.FormattableString;

namespace MlNetAlexNet.Explanation;

/// <summary>What is explained of a picture, and how finely. Immutable.</summary>
public sealed record ExplanationOptions
{
    private const int MostPositions = 64;

    /// <summary>The class whose evidence is looked for, one of the classifier's. Default null: the most probable one.</summary>
    public string? Class { get; init; }

    /// <summary>
    /// Places of the hiding square along each side, from 2 to 64. Default 13: with squares of a quarter they are a sixteenth of the
    /// side apart, and a picture takes 170 passes.
    /// </summary>
    public int Positions { get; init; } = 13;

    /// <summary>
    /// Side of the hiding square as a share of the side of the square picture that the network takes, above 0 and below 1. So many
    /// squares beside each other have to cover that side. Default 0.25: smaller ones hide too little of a thing that is seen as a
    /// whole, larger ones do not tell where it is.
    /// </summary>
    public double SquareShare { get; init; } = 0.25;

    /// <summary>What is put in place of what is hidden. Default <see cref="OcclusionFill.Mean"/>.</summary>
    public OcclusionFill Fill { get; init; }

    /// <summary>
    /// Pictures that are scored to explain one: itself, and one for each place. A limit on pictures that are scored counts an
    /// explanation as so many.
    /// </summary>
    public int Passes => (Positions * Positions) + 1;

    /// <summary>Numbers out of range, and squares that leave gaps.</summary>
    internal IEnumerable<string> ListFaults()
    {
        var (inRange, isShare) = (Positions is >= 2 and <= MostPositions, SquareShare is > 0 and < 1);
        if (!inRange)
            yield return Invariant($"Positions is {Positions}; it must be from 2 to {MostPositions}.");

        if (!isShare)
            yield return Invariant($"SquareShare is {SquareShare}; it must be above 0 and below 1.");

        if (inRange && isShare && Positions * SquareShare < 1)
        {
            yield return Invariant($"SquareShare is {SquareShare} and Positions {Positions}: such squares would leave parts of the picture that none hides. ")
                + "The one times the other must be at least 1.";
        }

        if (!Enum.IsDefined(Fill))
            yield return $"Fill is {Fill}; it must be one of {string.Join(", ", Enum.GetNames<OcclusionFill>())}.";
    }

    /// <summary>Where the class is among those of a classifier; null for the most probable one.</summary>
    /// <exception cref="AlexNetException">It is not one of them.</exception>
    internal int? FindClass(IReadOnlyList<string> classes)
    {
        if (Class is null)
            return null;

        var name = CanonicalForms.Compose(Class);
        for (var i = 0; i < classes.Count; i++)
        {
            if (classes[i] == name)
                return i;
        }

        throw new AlexNetException($"The model does not know the class '{Class}'. It knows {string.Join(", ", classes)}.")
        {
            Option = nameof(Class),
        };
    }
}
