using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlNetAlexNet.Cli;

/// <summary>Options of which a command takes one at most.</summary>
internal static class ExclusiveOptions
{
    /// <summary>Refuses the command line if both are given.</summary>
    public static void RefuseBoth(this CommandResult command, Option one, Option other)
    {
        if (command.FindBoth(one, other) is { } fault)
            command.AddError(fault);
    }

    /// <summary>Refuses the command line if both are given.</summary>
    public static void RefuseBoth(this CommandResult command, Option one, Argument<string?> other)
    {
        if (command.GetResult(one)?.IdentifierToken is { Value: var name } && command.GetValue(other) is { } value)
            command.AddError($"{name} and '{value}' exclude each other; give one of them.");
    }

    /// <summary>What is wrong if both are given; null if they are not.</summary>
    public static string? FindBoth(this CommandResult command, Option one, Option other)
    {
        return AsGiven(one) is { } first && AsGiven(other) is { } second
            ? $"{first} and {second} exclude each other; give one of them."
            : null;

        // An option may have two names.
        string? AsGiven(Option option) => command.GetResult(option)?.IdentifierToken?.Value;
    }
}
