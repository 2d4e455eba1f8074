using System.CommandLine;
using System.Globalization;

namespace MlNetAlexNet.Cli;

/// <summary>What a flag takes. A refusal says the flag, the value and what is allowed.</summary>
internal static class FlagValue
{
    /// <summary>Refuses what is none of these words, whatever the case of their letters.</summary>
    public static void RequireOneOf(this Option option, params string[] words) => Require(
        option,
        value => words.Contains(value, StringComparer.OrdinalIgnoreCase),
        $"none of {string.Join(", ", words)}");

    /// <summary>
    /// Refuses what is no number, where the flag takes one: 0,1 too, which would else be taken for 1, as a comma may stand
    /// between thousands.
    /// </summary>
    public static void RequireNumber(this Option option)
    {
        var (type, culture) = (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType, CultureInfo.InvariantCulture);
        if (type == typeof(int))
            Require(option, value => int.TryParse(value, culture, out _), "no whole number of 32 bits");
        else if (type == typeof(long))
            Require(option, value => long.TryParse(value, culture, out _), "no whole number of 64 bits");
        else if (type == typeof(double))
            Require(option, value => double.TryParse(value, NumberStyles.Float, culture, out _), "no number, such as 0.1");
    }

    private static void Require(Option option, Predicate<string> allows, string refusal) => option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens.Where(token => !allows(token.Value)))
            result.AddError($"{option.Name} '{token.Value}' is {refusal}.");
    });
}
