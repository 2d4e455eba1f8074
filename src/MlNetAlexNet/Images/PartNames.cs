using System.Text.RegularExpressions;

namespace MlNetAlexNet.Images;

/// <summary>What the parts of a set of pictures are called.</summary>
internal static partial class PartNames
{
    public const string Train = "train";
    public const string Validation = "validation";
    public const string Test = "test";

    /// <summary>As they are listed; <c>""</c> is all, where there is no split.</summary>
    public static IReadOnlyList<string> InOrder { get; } = ["", Train, Validation, Test];

    /// <summary>The part of a usual name, in any case, also as of <c>test_set</c> or <c>Training Set</c>; null of any other name.</summary>
    public static string? Find(string name) =>
        Pattern().Match(name) is not { Success: true } match ? null
        : match.Groups[Train].Success ? Train
        : match.Groups[Test].Success ? Test
        : Validation;

    /// <summary>
    /// The part of a name that has one such word in it, as of <c>seg_train</c>, <c>test images</c>, <c>val2017</c> or <c>TrainData</c>; null of
    /// any other, or where it has words of two.
    /// </summary>
    public static string? FindWord(string name) =>
        Find(name) ?? (Words().Matches(name).Select(word => Find(word.Value)).OfType<string>().Distinct().Take(2).ToList() is [var only] ? only : null);

    [GeneratedRegex(@"\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(
        @"^\s*((?<train>train|training)|(?<validation>val|valid|validation|dev)|(?<test>test|testing))([ _-]?set)?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
