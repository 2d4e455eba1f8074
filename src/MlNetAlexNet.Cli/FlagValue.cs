using System.CommandLine;

namespace MlNetAlexNet.Cli;

/// <summary>What a flag takes. A refusal says the flag, the value and what is allowed.</summary>
internal static class FlagValue
{
    /// <summary>Refuses what is none of these words, whatever the case of their letters.</summary>
    public static void RequireOneOf(this Option option, params string[] words) => Require(
        option,
        value => words.Contains(value, StringComparer.OrdinalIgnoreCase),
        $"none of {string.Join(", ", words)}");

    /// <summary>Refuses what is no number, where the flag takes one.</summary>
    public static void RequireNumber(this Option option)
    {
        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        if (type == typeof(int))
            Require(option, value => FlagNumber.TryParse(value, out int _), "no whole number of 32 bits");
        else if (type == typeof(long))
            Require(option, value => FlagNumber.TryParse(value, out long _), "no whole number of 64 bits");
        else if (type == typeof(double))
            Require(option, value => FlagNumber.TryParse(value, out double _), $"no number, {FlagNumber.Example}");
    }

    /// <summary>Refuses whole numbers below one.</summary>
    public static void RequireAtLeast(this Option<int?> option, int least) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && FlagNumber.TryParse(token.Value, out int number) && number < least)
            result.AddError($"{option.Name} is {number}; it must be at least {least}.");
    });

    private static void Require(Option option, Predicate<string> allows, string refusal) => option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens.Where(token => !allows(token.Value)))
            result.AddError($"{option.Name} '{token.Value}' is {refusal}.");
    });
}
