using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlNetAlexNet.Cli;

/// <summary>What a flag takes. A refusal says the flag, the value and what is allowed.</summary>
internal static class FlagValue
{
    /// <summary>Refuses what is none of these words, whatever the case of their letters.</summary>
    public static void RequireOneOf(this Option option, params string[] words) => Require(
        option,
        value => words.Contains(value, StringComparer.OrdinalIgnoreCase),
        $"none of {string.Join(", ", words)}");

    /// <summary>Refuses empty texts, as of a variable that is not set, for every option and argument of a command.</summary>
    public static void RequireTexts(this Command command)
    {
        foreach (var option in command.Options.Where(option => IsText(option.ValueType)))
            option.Validators.Add(result => RefuseEmpty(result, option.Name));
        foreach (var argument in command.Arguments.Where(argument => IsText(argument.ValueType)))
            argument.Validators.Add(result => RefuseEmpty(result, argument.HelpName?.TrimEnd('.') ?? argument.Name.ToUpperInvariant()));

        static bool IsText(Type type) => type == typeof(string) || type == typeof(string[]);

        static void RefuseEmpty(SymbolResult result, string name)
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError($"{name} is empty. Give what it is for, or leave it out.");
        }
    }

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
