using System.Text.Json.Serialization;
using MlNetAlexNet.Evaluation;

namespace MlNetAlexNet.Promotion;

/// <summary>Champion and challenger on the same pictures.</summary>
/// <param name="Pictures">How many, at least 1.</param>
/// <param name="ChampionRight">Those that the champion has right.</param>
/// <param name="ChallengerRight">Those that the challenger has right.</param>
/// <param name="Paired">Which of these are the same ones; the champion is the first.</param>
public sealed record SideBySide(
    int Pictures, int ChampionRight, int ChallengerRight, [property: JsonIgnore] PairedComparison Paired)
{
    /// <summary>Those that the champion has right and the challenger wrong.</summary>
    public int Lost => Paired.OnlyFirstRight;

    /// <summary>Those that the challenger has right and the champion wrong.</summary>
    public int Won => Paired.OnlySecondRight;

    /// <summary>As in <see cref="PairedComparison.GainPValue"/>.</summary>
    public double GainPValue => Paired.GainPValue;

    /// <summary>Share of the champion, 0 to 1.</summary>
    public double ChampionAccuracy => (double)ChampionRight / Pictures;

    /// <summary>Share of the challenger, 0 to 1.</summary>
    public double ChallengerAccuracy => (double)ChallengerRight / Pictures;

    /// <summary>Where <see cref="ChampionAccuracy"/> of all pictures lies of which these are some.</summary>
    public ConfidenceInterval ChampionInterval => ConfidenceInterval.OfShare(ChampionAccuracy, Pictures);

    /// <summary>Likewise <see cref="ChallengerAccuracy"/>.</summary>
    public ConfidenceInterval ChallengerInterval => ConfidenceInterval.OfShare(ChallengerAccuracy, Pictures);
}

/// <summary>
/// Champion and challenger on the held-out pictures. A picture of a class that a model does not know is wrong for it.
/// </summary>
/// <param name="All">On all; null if there are none.</param>
/// <param name="Shared">On those of classes that both know; null if there are none.</param>
/// <param name="Added">On those of classes that the challenger alone knows; null if there are none.</param>
public sealed record ModelComparison(SideBySide? All, SideBySide? Shared, SideBySide? Added)
{
    /// <summary>Counts.</summary>
    /// <param name="pictures">The held-out ones.</param>
    /// <param name="championClasses">What the champion knows, by the names of today.</param>
    /// <param name="champion">What it says of each picture, as <see cref="HeldOutPictures.Classify"/> gives it, by those names.</param>
    /// <param name="challenger">Likewise.</param>
    public static ModelComparison Count(
        HeldOutPictures pictures,
        IReadOnlyCollection<string> championClasses,
        IReadOnlyList<string> champion,
        IReadOnlyList<string> challenger)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(championClasses);
        ArgumentNullException.ThrowIfNull(champion);
        ArgumentNullException.ThrowIfNull(challenger);
        if (champion.Count != pictures.Pictures.Count || challenger.Count != pictures.Pictures.Count)
            throw new ArgumentException($"{pictures.Pictures.Count} pictures, {champion.Count} and {challenger.Count} answers; they must be as many.");

        var known = championClasses.ToHashSet();
        return new ModelComparison(Among(_ => true), Among(known.Contains), Among(label => !known.Contains(label)));

        SideBySide? Among(Func<string, bool> isMeant)
        {
            int[] rows = [.. pictures.Pictures.Index().Where(picture => isMeant(picture.Item.Label)).Select(picture => picture.Index)];
            if (rows.Length == 0)
                return null;

            string[] actual = [.. rows.Select(row => pictures.Pictures[row].Label)];
            string[] first = [.. rows.Select(row => champion[row])];
            string[] second = [.. rows.Select(row => challenger[row])];
            return new SideBySide(
                rows.Length, CountRight(actual, first), CountRight(actual, second), PairedComparison.Count(actual, first, second));
        }
    }

    private static int CountRight(string[] actual, string[] said) => actual.Zip(said).Count(pair => pair.First == pair.Second);
}
